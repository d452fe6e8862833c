package sqlstore

import (
	"context"
	"iter"
)

// pageSize is how many rows are read at once: enough that the queries do not
// count, and few enough to be held for every iteration that is under way.
const pageSize = 256

// pages yields what page returns after a key, and then what it returns after
// the key of the last of that, to the end. It holds no connection while it
// yields: the loop that ranges over it may use the database itself.
func pages[T any](
	ctx context.Context, db *DB, after int64, page func(c *conn, after int64) ([]T, error), key func(T) int64,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := after; ; {
			var found []T
			err := db.read(ctx, func(c *conn) (err error) {
				found, err = page(c, after)
				return err
			})
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, v := range found {
				if !yield(v, nil) {
					return
				}
				after = key(v)
			}
			// A short page is the last one. What is committed later is for whoever asks
			// again after the last key.
			if len(found) < pageSize {
				return
			}
		}
	}
}

// each runs a query for keys, and yields what load returns for each of them.
// Like pages it holds no connection while it yields.
func each[T any](
	ctx context.Context, db *DB, query string, args []any, load func(c *conn, key string) ([]T, error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var keys []string
		err := db.read(ctx, func(c *conn) (err error) {
			keys, err = rows(ctx, c, scanKey, query, args...)
			return err
		})
		for i := 0; i < len(keys) && err == nil; i++ {
			var found []T
			err = db.read(ctx, func(c *conn) (err error) {
				found, err = load(c, keys[i])
				return err
			})
			for _, v := range found {
				if !yield(v, nil) {
					return
				}
			}
		}
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

// convert yields convert(v) for each v of seq.
func convert[T, R any](seq iter.Seq2[R, error], convert func(R) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if !yield(convert(v), err) {
				return
			}
		}
	}
}

// scanKey reads the only column of a row.
func scanKey(row scanner) (key string, err error) {
	err = row.Scan(&key)
	return key, fault(err)
}
