// go_server CERTIFICATE KEY: every suite of crypto/tls, TLS 1.0 to 1.3, on
// 127.0.0.1. Prints "suite HEX VERSIONS" for each, then "port N".
package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	pair, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	if err != nil {
		panic(err)
	}
	var codes []uint16
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		codes = append(codes, suite.ID)
		for _, version := range suite.SupportedVersions {
			fmt.Printf("suite %04x %04x %s\n", suite.ID, version, suite.Name)
		}
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, CipherSuites: codes}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("port %d\n", listener.Addr().(*net.TCPAddr).Port)
	for {
		link, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer link.Close()
			_ = link.SetDeadline(time.Now().Add(10 * time.Second))
			session := tls.Server(link, config)
			if session.Handshake() == nil {
				_, _ = session.Read(make([]byte, 1))
			}
		}()
	}
}
