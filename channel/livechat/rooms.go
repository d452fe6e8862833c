package livechat

import "sync"

// rooms are the threads that browsers look at. Nothing in them has to last:
// they wake streams, and carry what is shown once and never stored.
type rooms struct {
	mu   sync.Mutex
	open map[string]*room
}

// A room is one thread with at least one stream.
type room struct {
	// For streams that join while an answer is being written.
	draft   string
	streams map[*listener]struct{}
}

// A listener is one stream's end of a room. Its fields are guarded by the mutex
// of rooms. They hold only the latest state, so that a slow stream costs others
// nothing.
type listener struct {
	wake  chan struct{} // has room for one signal
	room  *room
	state state
}

// state is what a stream has to look at.
type state struct {
	news   bool   // the transcript may have grown
	typing bool   // an answer is being written
	draft  string // the answer so far, "" if there is none
}

// join adds a stream to a thread, unless it has max already.
func (rs *rooms) join(thread string, max int) (*listener, bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r := rs.open[thread]
	if r == nil {
		r = &room{streams: make(map[*listener]struct{})}
	}
	if len(r.streams) >= max {
		return nil, false
	}
	if rs.open == nil {
		rs.open = make(map[string]*room)
	}
	rs.open[thread] = r
	l := &listener{wake: make(chan struct{}, 1), room: r, state: state{news: true, draft: r.draft}}
	l.wake <- struct{}{}
	r.streams[l] = struct{}{}
	return l, true
}

// leave removes a stream, and the room with the last one.
func (rs *rooms) leave(thread string, l *listener) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(l.room.streams, l)
	if len(l.room.streams) == 0 {
		delete(rs.open, thread)
	}
}

// take returns what l has to look at, and resets it.
func (rs *rooms) take(l *listener) state {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	s := l.state
	l.state = state{draft: s.draft}
	return s
}

// news says that the transcript of thread grew.
func (rs *rooms) news(thread string) {
	rs.update(thread, func(_ *room, s *state) { s.news = true })
}

// answered says that the transcript grew by an answer, which replaces the draft.
func (rs *rooms) answered(thread string) {
	rs.update(thread, func(r *room, s *state) { r.draft, s.draft, s.news = "", "", true })
}

// typing says that an answer is being written.
func (rs *rooms) typing(thread string) {
	rs.update(thread, func(_ *room, s *state) { s.typing = true })
}

// draft replaces the answer so far. Later streams of the room begin with it.
func (rs *rooms) draft(thread, text string) {
	rs.update(thread, func(r *room, s *state) { r.draft, s.draft = text, text })
}

// update changes the state of every stream of thread and wakes it.
func (rs *rooms) update(thread string, change func(*room, *state)) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r := rs.open[thread]
	if r == nil {
		return
	}
	for l := range r.streams {
		change(r, &l.state)
		select {
		case l.wake <- struct{}{}:
		default: // it is awake already
		}
	}
}
