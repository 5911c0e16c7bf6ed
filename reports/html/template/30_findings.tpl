<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
<p class="intro">{{RESULT_COUNTS}}. Each finding says what was seen, how, and where. To look at one yourself, run the command that stands with it.</p>
{{#GROUP}}
<h3 id="{{ANCHOR}}">{{TITLE}}</h3>
{{#INTRO}}<p class="small soft">{{TEXT}}</p>{{/INTRO}}
{{#TABLE}}<details class="check {{TONE}}">
<summary><span class="chip {{TONE}}"><svg class="icon" aria-hidden="true"><use href="#i-{{TONE}}"/></svg>{{WORD}}</span><h4>{{CAPTION}}</h4></summary>
<div class="scroll flat" role="region" aria-labelledby="{{ANCHOR}}" tabindex="0">
<table class="seen">
<thead><tr><th scope="col">Check</th><th scope="col">What was seen</th><th scope="col">Source</th><th scope="col">Evidence</th></tr></thead>
<tbody>
{{#SEEN}}<tr class="finding" id="{{ID}}"><th scope="row">{{TITLE}}<div class="small soft">{{CODE}} · {{ABOUT}}</div></th><td>{{MESSAGE}}{{#OBSERVED}}<div class="small soft">Observed: {{TEXT}}</div>{{/OBSERVED}}</td><td class="small">{{SOURCE}}</td><td class="small">{{GRADE}}</td></tr>
{{/SEEN}}
</tbody>
</table>
</div>
</details>
{{/TABLE}}
{{#CHECK}}<details class="check {{TONE}}"{{#OPEN}} open{{/OPEN}}>
<summary><span class="chip {{TONE}}"><svg class="icon" aria-hidden="true"><use href="#i-{{TONE}}"/></svg>{{WORD}}</span><h4>{{TITLE}}</h4><span class="code">{{CODE}}{{#SEVERITY}} · {{TEXT}}{{/SEVERITY}}{{#SUBJECTS}} · {{TEXT}}{{/SUBJECTS}}</span></summary>
<div class="inside">
{{#FINDING}}<div class="finding" id="{{ID}}">
<p class="about">{{ABOUT}}</p>
<p class="said">{{MESSAGE}}</p>
<dl class="pairs">
{{#EXPECTED}}<dt>Expected</dt><dd>{{TEXT}}</dd>{{/EXPECTED}}
{{#OBSERVED}}<dt>Observed</dt><dd>{{TEXT}}</dd>{{/OBSERVED}}
<dt>Source</dt><dd>{{SOURCE}}</dd>
<dt>Evidence</dt><dd>{{GRADE}}</dd>
</dl>
{{#FIX}}<div class="fix"><p class="label">{{LABEL}}</p><pre>{{TEXT:pre_escape}}</pre></div>{{/FIX}}
</div>
{{/FINDING}}
<p class="refs">Decides or informs {{ITEMS}}{{#CONTROLS}}; controls {{TEXT}}{{/CONTROLS}}. More: <code>redis-tls-audit checks explain {{CODE}}</code></p>
</div>
</details>
{{/CHECK}}
{{/GROUP}}
</section>
