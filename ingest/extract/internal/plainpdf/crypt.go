package plainpdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
)

// padding completes a password of the older kinds. See ISO 32000-1, 7.6.3.3.
const padding = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08" +
	"\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"

// A crypt decrypts the streams of a file that anybody may open: one whose
// password for readers is empty.
type crypt struct {
	key    []byte
	method name // V2 (RC4), AESV2, AESV3 or Identity
	plain  bool // the metadata is not encrypted
}

// newCrypt returns ErrEncrypted if a password is needed.
func newCrypt(f *file) (*crypt, error) {
	d := f.dict(f.trailer["Encrypt"])
	if d["Filter"] != nil && f.resolve(d["Filter"]) != name("Standard") {
		return nil, ErrEncrypted
	}
	c := &crypt{method: "V2"}
	version, revision := f.int(d["V"]), f.int(d["R"])
	if version >= 4 {
		filter, _ := f.resolve(d["StmF"]).(name)
		c.method, _ = f.resolve(f.dict(f.dict(d["CF"])[filter])["CFM"]).(name)
		if filter == "Identity" || c.method == "" || c.method == "None" {
			c.method = "Identity"
		}
		c.plain = f.resolve(d["EncryptMetadata"]) == false
	}
	var ok bool
	if revision >= 5 {
		c.key, ok = aes256Key(f.text(d["U"]), f.text(d["UE"]), revision)
	} else {
		c.key, ok = c.oldKey(f, d, version, revision)
	}
	if !ok {
		return nil, ErrEncrypted
	}
	return c, nil
}

// text returns the bytes of a string of the encryption dictionary, which is not
// encrypted itself.
func (f *file) text(v any) []byte {
	s, _ := f.resolve(v).(text)
	return []byte(s)
}

// oldKey computes the key of revisions 2 to 4 and checks it. See ISO 32000-1,
// 7.6.3.3 and 7.6.3.4.
func (c *crypt) oldKey(f *file, d dict, version, revision int) ([]byte, bool) {
	size := 5
	if bits := f.int(d["Length"]); version > 1 && bits >= 40 && bits <= 128 {
		size = bits / 8
	}
	if version == 4 {
		size = 16
	}
	var id []byte
	if ids := f.array(f.trailer["ID"]); len(ids) > 0 {
		id = f.text(ids[0])
	}
	permissions, _ := f.resolve(d["P"]).(float64)
	h := md5.New()
	h.Write([]byte(padding))
	h.Write(f.text(d["O"])[:min(32, len(f.text(d["O"])))])
	binary.Write(h, binary.LittleEndian, uint32(int64(permissions)))
	h.Write(id)
	if revision >= 4 && c.plain {
		h.Write([]byte{0xff, 0xff, 0xff, 0xff})
	}
	key := h.Sum(nil)
	if revision >= 3 {
		for range 50 {
			sum := md5.Sum(key[:size])
			key = sum[:]
		}
	}
	key = key[:size]
	want := f.text(d["U"])
	if revision == 2 {
		return key, bytes.Equal(rc4Apply(key, []byte(padding)), want)
	}
	sum := md5.Sum(append([]byte(padding), id...))
	check := sum[:]
	for i := range 20 {
		turn := bytes.Clone(key)
		for j := range turn {
			turn[j] ^= byte(i)
		}
		check = rc4Apply(turn, check)
	}
	return key, len(want) >= 16 && bytes.Equal(check, want[:16])
}

// rc4Apply encrypts, or decrypts, which is the same.
func rc4Apply(key, data []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}

// aes256Key checks the empty password against u and decrypts the key in ue.
// See ISO 32000-2, 7.6.4.3.3.
func aes256Key(u, ue []byte, revision int) ([]byte, bool) {
	if len(u) < 48 || len(ue) < 32 {
		return nil, false
	}
	hash := func(salt []byte) []byte {
		if revision == 5 {
			sum := sha256.Sum256(salt)
			return sum[:]
		}
		return hash2B(salt)
	}
	if !bytes.Equal(hash(u[32:40]), u[:32]) {
		return nil, false
	}
	block, err := aes.NewCipher(hash(u[40:48]))
	if err != nil {
		return nil, false
	}
	key := make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, 16)).CryptBlocks(key, ue[:32])
	return key, true
}

// hash2B is algorithm 2.B of ISO 32000-2 for the empty password.
func hash2B(salt []byte) []byte {
	sum := sha256.Sum256(salt)
	k := sum[:]
	for round := 0; ; round++ {
		e := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e)
		mod := 0
		for _, b := range e[:16] {
			mod += int(b)
		}
		switch mod % 3 {
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		default:
			s := sha512.Sum512(e)
			k = s[:]
		}
		if round >= 63 && int(e[len(e)-1]) <= round-32 {
			return k[:32]
		}
	}
}

// stream returns the decrypted bytes of a stream.
func (c *crypt) stream(s *stream) []byte {
	kind := s.dict["Type"]
	if kind == name("XRef") || kind == name("Metadata") && c.plain {
		return s.raw
	}
	return c.decrypt(s.raw, s.id, s.gen)
}

// decrypt returns the bytes of a stream or a string in an object of the file.
func (c *crypt) decrypt(data []byte, id, gen int) []byte {
	switch c.method {
	case "Identity":
		return data
	case "AESV3":
		return aesDecrypt(c.key, data)
	}
	key := append(bytes.Clone(c.key), byte(id), byte(id>>8), byte(id>>16), byte(gen), byte(gen>>8))
	if c.method == "AESV2" {
		key = append(key, "sAlT"...)
	}
	sum := md5.Sum(key)
	key = sum[:min(len(c.key)+5, 16)]
	if c.method == "AESV2" {
		return aesDecrypt(key, data)
	}
	return rc4Apply(key, data)
}

// aesDecrypt decrypts AES in CBC mode, whose first block is the initial vector: ISO
// 32000-1, 7.6.2. Padding that makes no sense is left.
func aesDecrypt(key, data []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil || len(data) < 32 {
		return nil
	}
	iv, body := data[:16], data[16:]
	out := make([]byte, len(body)/16*16)
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, body[:len(out)])
	if n := len(out); n > 0 && out[n-1] >= 1 && out[n-1] <= 16 {
		out = out[:n-int(out[n-1])]
	}
	return out
}
