package livechat

import "time"

// Token returns the token of a thread, which Chat issues in sessions only.
func Token(key []byte, name, thread string) string {
	return tokens{name: name, key: key, age: time.Hour}.issue(thread, time.Now())
}
