package retrieval

import "strings"

// alikeWeight is what a word of like meaning counts, next to the word itself.
const alikeWeight = 0.4

// alikeEnglish are groups of words and phrases that customers and help centres
// use for one another. Content is found by the others of a group as well, at a
// lower weight; a group is small, since a word of many meanings finds too much.
var alikeEnglish = groups(`
cancel, close, terminate
delete, remove, erase
refund, reimburse, money back
return, send back
invite, add
disable, deactivate, turn off, switch off
enable, activate, turn on, switch on
biggest, largest, maximum, max, limit
late, delayed, delay
broken, damaged, defective, faulty
login, log in, sign in, signin, logon
forgot, forgotten, reset
2fa, mfa, two factor, authenticator
phone, telephone, call
shipping, delivery, postage
ship, deliver
price, cost, fee, pricing, charge
buy, purchase, order
parcel, package
exchange, swap
voucher, coupon, promo code, promotion code
invoice, receipt, bill
picture, image, photo
colleague, teammate, team member
hacked, compromised, stolen
unsubscribe, opt out, stop
subscription, plan, membership
ram, memory
`)

// groups reads one group a line. It returns for every member of a group one
// word of each of the others.
func groups(lists string) map[string][]string {
	all := make(map[string][]string)
	for line := range strings.Lines(lists) {
		members := strings.Split(strings.TrimSpace(line), ", ")
		for _, m := range members {
			for _, other := range members {
				if other != m {
					all[m] = append(all[m], telling(other))
				}
			}
		}
	}
	return all
}

// telling returns the longest word of a phrase, the first of those.
func telling(phrase string) string {
	best := ""
	for w := range strings.FieldsSeq(phrase) {
		if len(w) > len(best) {
			best = w
		}
	}
	return best
}
