package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// group starts a program in a group of its own, to end it with all that it
// starts.
func group() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// kill ends a group, unless its leader was waited for: the number may have gone
// to another process by then.
func kill(p *os.Process) {
	if p.Signal(syscall.Signal(0)) == nil {
		_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}

// resident returns the resident memory of a process in bytes, 0 if it ended. See
// proc_pid_statm(5).
func resident(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if fields := bytes.Fields(data); err == nil && len(fields) > 1 {
		pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
		return pages * int64(os.Getpagesize())
	}
	return 0
}

// LimitMemory makes this process unable to get more than n bytes beyond what it
// has. What fails then ends the process: a library never calls this for its
// host.
func LimitMemory(n int64) error {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, line, _ := bytes.Cut(data, []byte("VmData:"))
	fields := bytes.Fields(line)
	if len(fields) == 0 {
		return fmt.Errorf("process: no VmData in /proc/self/status")
	}
	have, err := strconv.ParseUint(string(fields[0]), 10, 64)
	if err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &limit); err != nil {
		return err
	}
	limit.Cur = min(have<<10+uint64(n), limit.Max)
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
}
