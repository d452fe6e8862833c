// Storage that works where the browser blocks it: then it lasts as long as the
// page does.

export class Storage {
  #area;
  #prefix;
  #memory = new Map();

  // area returns localStorage or sessionStorage: reading either may throw.
  constructor(area, prefix) {
    this.#prefix = prefix;
    try {
      this.#area = area();
      this.#area.setItem(prefix, "");
      this.#area.removeItem(prefix);
    } catch {
      this.#area = undefined;
    }
  }

  // get returns null for a key that is not set, as Storage of the browser does.
  get(key) {
    return this.#memory.get(key) ?? this.#area?.getItem(this.#prefix + key) ?? null;
  }

  // set keeps value, in memory if the area is full.
  set(key, value) {
    try {
      if (!this.#area) throw new Error("blocked");
      this.#area.setItem(this.#prefix + key, value);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, value);
    }
  }

  remove(key) {
    this.#memory.delete(key);
    this.#area?.removeItem(this.#prefix + key);
  }

  // values returns the values of all keys that begin with start.
  values(start) {
    const keys = new Set([...this.#memory.keys()].filter((k) => k.startsWith(start)));
    for (let i = 0; i < (this.#area?.length ?? 0); i++) {
      const key = this.#area.key(i);
      if (key.startsWith(this.#prefix + start)) keys.add(key.slice(this.#prefix.length));
    }
    return [...keys].map((k) => this.get(k));
  }
}
