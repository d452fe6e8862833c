package agent

// identityTexts are the texts about who the customer is, in the languages of the
// built-in texts.
var identityTexts = map[string]Texts{
	"en": {
		AskEmail:  "For that I have to be sure who you are. What is your e-mail address? I'll send you a code.",
		CodeSent:  "I've sent a code of six digits to {{email}}. Please write it here within ten minutes. If it does not arrive, write your e-mail address again.",
		EnterCode: "Please write the code here that I sent to {{email}}. If it has not arrived, write your e-mail address.",
		CodeWrong: "That is not the code that I sent. Please look at the newest mail and try again.",
		Verified:  "Thank you, now I know who you are. What can I help you with?",
	},
	"nl": {
		AskEmail:  "Daarvoor moet ik zeker weten wie u bent. Wat is uw e-mailadres? Ik stuur u een code.",
		CodeSent:  "Ik heb een code van zes cijfers gestuurd naar {{email}}. Schrijf deze hier binnen tien minuten. Komt de code niet aan, schrijf dan uw e-mailadres nog een keer.",
		EnterCode: "Schrijf hier de code die ik naar {{email}} heb gestuurd. Is de code niet aangekomen, schrijf dan uw e-mailadres.",
		CodeWrong: "Dat is niet de code die ik heb gestuurd. Kijk in de nieuwste e-mail en probeer het nog een keer.",
		Verified:  "Dank u, nu weet ik wie u bent. Waarmee kan ik u helpen?",
	},
	"de": {
		AskEmail:  "Dafür muss ich sicher wissen, wer Sie sind. Wie lautet Ihre E-Mail-Adresse? Ich sende Ihnen einen Code.",
		CodeSent:  "Ich habe einen Code aus sechs Ziffern an {{email}} gesendet. Bitte schreiben Sie ihn innerhalb von zehn Minuten hierher. Falls er nicht ankommt, schreiben Sie Ihre E-Mail-Adresse noch einmal.",
		EnterCode: "Bitte schreiben Sie hier den Code, den ich an {{email}} gesendet habe. Falls er nicht angekommen ist, schreiben Sie Ihre E-Mail-Adresse.",
		CodeWrong: "Das ist nicht der Code, den ich gesendet habe. Bitte sehen Sie in die neueste E-Mail und versuchen Sie es noch einmal.",
		Verified:  "Danke, jetzt weiß ich, wer Sie sind. Womit kann ich Ihnen helfen?",
	},
	"fr": {
		AskEmail:  "Pour cela, je dois être sûr de votre identité. Quelle est votre adresse e-mail ? Je vous enverrai un code.",
		CodeSent:  "J'ai envoyé un code à six chiffres à {{email}}. Veuillez l'écrire ici dans les dix minutes. S'il n'arrive pas, écrivez de nouveau votre adresse e-mail.",
		EnterCode: "Veuillez écrire ici le code que j'ai envoyé à {{email}}. S'il n'est pas arrivé, écrivez votre adresse e-mail.",
		CodeWrong: "Ce n'est pas le code que j'ai envoyé. Veuillez regarder l'e-mail le plus récent et réessayer.",
		Verified:  "Merci, je sais maintenant qui vous êtes. En quoi puis-je vous aider ?",
	},
	"es": {
		AskEmail:  "Para eso tengo que estar seguro de quién es usted. ¿Cuál es su dirección de correo electrónico? Le enviaré un código.",
		CodeSent:  "He enviado un código de seis cifras a {{email}}. Escríbalo aquí en los próximos diez minutos. Si no llega, escriba otra vez su dirección de correo electrónico.",
		EnterCode: "Escriba aquí el código que envié a {{email}}. Si no ha llegado, escriba su dirección de correo electrónico.",
		CodeWrong: "Ese no es el código que envié. Mire el correo más reciente e inténtelo de nuevo.",
		Verified:  "Gracias, ahora sé quién es usted. ¿En qué puedo ayudarle?",
	},
	"pt": {
		AskEmail:  "Para isso preciso de ter a certeza de quem é. Qual é o seu endereço de e-mail? Vou enviar-lhe um código.",
		CodeSent:  "Enviei um código de seis algarismos para {{email}}. Escreva-o aqui nos próximos dez minutos. Se não chegar, escreva de novo o seu endereço de e-mail.",
		EnterCode: "Escreva aqui o código que enviei para {{email}}. Se não chegou, escreva o seu endereço de e-mail.",
		CodeWrong: "Esse não é o código que enviei. Veja o e-mail mais recente e tente de novo.",
		Verified:  "Obrigado, agora sei quem é. Em que posso ajudar?",
	},
	"it": {
		AskEmail:  "Per questo devo essere sicuro della sua identità. Qual è il suo indirizzo e-mail? Le invierò un codice.",
		CodeSent:  "Ho inviato un codice di sei cifre a {{email}}. Lo scriva qui entro dieci minuti. Se non arriva, scriva di nuovo il suo indirizzo e-mail.",
		EnterCode: "Scriva qui il codice che ho inviato a {{email}}. Se non è arrivato, scriva il suo indirizzo e-mail.",
		CodeWrong: "Non è il codice che ho inviato. Guardi l'e-mail più recente e riprovi.",
		Verified:  "Grazie, ora so chi è. In che cosa posso aiutarla?",
	},
}

// words returns the fixed texts for the customer.
func (t *turn) words() Texts {
	texts, known := t.agent.rules.Texts, identityTexts[t.language()]
	orDefault(&texts.AskEmail, known.AskEmail)
	orDefault(&texts.CodeSent, known.CodeSent)
	orDefault(&texts.EnterCode, known.EnterCode)
	orDefault(&texts.CodeWrong, known.CodeWrong)
	orDefault(&texts.Verified, known.Verified)
	return texts
}
