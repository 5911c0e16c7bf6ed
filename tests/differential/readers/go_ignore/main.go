// moby's own matcher behind a program: 0.ignore and 0.paths and so on give, for
// each path, whether the file keeps it out of a build context; null where the
// matcher refuses the file.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/moby/patternmatcher"
)

// The lines of a .dockerignore as docker's reference describes them.
func patterns(text string) []string {
	var found []string
	for i, line := range strings.Split(text, "\n") {
		if i == 0 {
			line = strings.TrimPrefix(line, "\xEF\xBB\xBF")
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		line = strings.TrimSpace(line)
		bringsBack := strings.HasPrefix(line, "!")
		if bringsBack {
			line = strings.TrimSpace(line[1:])
		}
		if line == "" && !bringsBack {
			continue
		}
		if line != "" {
			line = filepath.ToSlash(filepath.Clean(line))
			if len(line) > 1 && line[0] == '/' {
				line = line[1:]
			}
		}
		if bringsBack {
			line = "!" + line
		}
		found = append(found, line)
	}
	return found
}

func answer(i int) interface{} {
	text, _ := os.ReadFile(fmt.Sprintf("%d.ignore", i))
	paths, _ := os.ReadFile(fmt.Sprintf("%d.paths", i))
	matcher, err := patternmatcher.New(patterns(string(text)))
	if err != nil {
		return nil
	}
	answers := []bool{}
	for _, path := range strings.Split(string(paths), "\n") {
		ignored, err := matcher.MatchesOrParentMatches(path)
		if err != nil {
			return nil
		}
		answers = append(answers, ignored)
	}
	return answers
}

func main() {
	count, _ := strconv.Atoi(os.Args[1])
	answers := make([]interface{}, count)
	for i := range answers {
		answers[i] = answer(i)
	}
	text, err := json.Marshal(answers)
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile("answers.json", text, 0o600); err != nil {
		panic(err)
	}
}
