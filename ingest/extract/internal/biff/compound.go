package biff

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"github.com/richardlehane/mscfb"
)

// Signature is what compound files begin with: [MS-CFB] 2.2.
const Signature = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// Plain reports whether a file begins as a workbook of BIFF2 to BIFF4 does,
// which is not in a compound file.
func Plain(data []byte) bool {
	for _, begin := range []string{"\x09\x00\x04\x00", "\x09\x02\x06\x00", "\x09\x04\x06\x00"} {
		if bytes.HasPrefix(data, []byte(begin)) {
			return true
		}
	}
	return false
}

// streamOf returns the stream of records of a workbook: "Workbook" since BIFF8,
// "Book" before, of which files for both kinds of program have one each
// ([MS-XLS] 2.1.2). Data that are no compound file are the stream.
func streamOf(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte(Signature)) {
		return data, nil
	}
	var found []byte
	err := streams(data, func(name string, open func() []byte) {
		if name = strings.ToLower(name); name == "workbook" || name == "book" && found == nil {
			found = open()
		}
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNoBook
	}
	return found, nil
}

// Names returns the names of the entries at the top of a compound file, in lower case.
func Names(data []byte) ([]string, error) {
	var names []string
	err := streams(data, func(name string, _ func() []byte) { names = append(names, strings.ToLower(name)) })
	return names, err
}

// streams calls f with the name of every entry at the top of a compound file. The
// function that f gets returns as much of the entry as can be read. It returns
// [ErrFormat] where the file makes no sense.
func streams(data []byte, f func(name string, open func() []byte)) error {
	if !plausible(data) {
		return ErrFormat
	}
	// A file that is cut off ends within a sector, which the library refuses.
	padded := io.NewSectionReader(padding{data}, 0, int64(len(data))+4096)
	file, err := mscfb.New(padded)
	if err != nil {
		return ErrFormat
	}
	for _, entry := range file.File {
		if len(entry.Path) > 0 {
			continue // an object within the document
		}
		f(entry.Name, func() []byte {
			var b bytes.Buffer
			// What could be read before a fault is worth reading.
			_, _ = io.Copy(&b, io.LimitReader(entry, int64(len(data))))
			return b.Bytes()
		})
	}
	return nil
}

// plausible checks the counts in the header that the library takes memory by:
// none can be above the number of sectors that there are, of 512 bytes at least.
func plausible(data []byte) bool {
	if len(data) < 512 || !bytes.HasPrefix(data, []byte(Signature)) {
		return false
	}
	sectors := uint32(len(data)/512 + 1)
	for _, at := range []int{40, 44, 64, 72} { // directory, FAT, mini FAT and DIFAT sectors
		if binary.LittleEndian.Uint32(data[at:]) > sectors {
			return false
		}
	}
	return true
}

// padding is data with zeros behind it, without end.
type padding struct{ data []byte }

// ReadAt implements [io.ReaderAt].
func (p padding) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	if off >= 0 && off < int64(len(p.data)) {
		n = copy(b, p.data[off:])
	}
	clear(b[n:])
	return len(b), nil
}
