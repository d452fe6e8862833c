//go:build !linux

package process

import (
	"os"
	"syscall"
)

func group() *syscall.SysProcAttr { return nil }

func kill(p *os.Process) { _ = p.Kill() }

// resident is not known here.
func resident(int) int64 { return 0 }

// LimitMemory does nothing on this system.
func LimitMemory(int64) error { return nil }
