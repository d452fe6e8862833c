package handoff

// languages returns the languages in which a request for a person is known.
// The sentences of testdata show what each knows, and what it must not take for
// a request.
func languages() []language {
	return []language{english(), german(), dutch(), french(), spanish(), portuguese(), italian()}
}

// english tells "talk to a person" from "a person-size tent" by what stands
// around the noun: a verb of speaking, or nothing but courtesy.
func english() language {
	return language{
		before: `an|a|the|your|some|any|another|one of your|one of the|real|real life|live|living|actual|human|proper|physical|` +
			`customer|support|service|sales|care|billing|technical|tech|help|desk|different|qualified|senior|damn|bloody|` +
			`fucking`,
		nouns: `humans|human|human beings|human being|persons|person|agents|agent|representatives|representative|rep|reps|` +
			`operators|operator|advisors|advisor|advisers|adviser|consultant|manager|supervisor|employee|colleague|staff|` +
			`staff member|member of staff|member of your team|member of the team|team member|real people|real someone|` +
			`real somebody|real support|real help|real assistance|actual people|actual someone|actual somebody|` +
			`actual support|actual help|actual assistance|live people|live someone|live somebody|live support|live help|` +
			`live assistance|human people|human someone|human somebody|human support|human help|human assistance|` +
			`human handoff|customer service|customer care|customer support`,
		other: `someone|somebody|anyone|anybody|team|support team|sales team|department|support|sales|billing|` +
			`one of you|specialist|expert|technician|boss|owner|founder|founders|admin|administrator`,
		bots: `bot|bots|robot|robots|chatbot|chatbots|chat bot|machine|computer|ai|software|ai agent|ai assistant|virtual agent|` +
			`virtual assistant|automated system`,
		after: `on the phone|on the line|over the phone|by phone`,
		ask: `(?:speak|talk|chat|spk|tlk)(?: (?:directly|live|now|please|again|on the phone|over the phone|by phone))* (?:to|` +
			`with) P|` +
			`am i (?:speaking|talking|chatting) (?:to|with) P|` +
			`(?:connect|transfer|put|pass|hand|redirect|switch|forward|route|refer|send) (?:me|us|this chat|` +
			`this conversation)(?: (?:please|now|through|over|on|straight|directly))* (?:to|with|onto) P|` +
			`(?:to|with)(?: an?)? (?:real|actual|human|live) [a-z]+ P|put me in touch with P|P from P|` +
			`escalate(?: [a-z]+){0,3} to P|put me through to|` +
			`(?:get|be|come)(?: [a-z]+)? (?:through to|hold of|ahold of|in touch with|in contact with|connected to|` +
			`connected with|transferred to) P|` +
			`(?:reach|contact|call|phone) D|` +
			`P(?: (?:who|that|whom))? i (?:can|could|may) (?:speak|talk|chat|turn)|` +
			`(?:have|let|want|need|like|get|ask) P (?:to )?(?:call|contact|help|assist|answer|look|reply|respond|take over|speak|` +
			`talk|handle|deal|phone|ring|get back)|` +
			`(?:don t|do not|dont|not|stop|hate|tired of|sick of|done|no more)(?: [a-z]+){0,3} (?:to|with) B|talking to B`,
		want: `(?:i|we|id|just|really|still|please)(?: d| would| will| ll)?(?: (?:just|really|still|rather|now))* (?:want|need|` +
			`like|love|prefer|request|demand|have)(?: to have)? P|` +
			`(?:(?:get|give|find|bring|fetch|send|show) (?:me|us)|gimme) P|(?:transfer|connect|escalate|forward) to P|(?:can|` +
			`could|may|might) (?:i|we)(?: please)? (?:have|get|see) P|` +
			`(?:is|are) there P|(?:can|could) P(?: please)? (?:help|call|contact|assist|answer|ring|phone)(?: me| us)?(?: back)?|` +
			`(?:asking|ask) for P`,
		polite: `please|pls|plz|now|asap|right now|right away|immediately|here|today|instead|thanks|thank you|ok|okay|yes|no|hi|` +
			`hello|hey|just|` +
			`i can (?:talk|speak|chat) to|available|online|around|there|in chat|not B|no more B|no B|` +
			`to (?:help|talk|speak|chat)(?: (?:me|us|to|with|with this))*|who can help(?: me| us)?|for (?:help|this)`,
		not: `(?:don t|do not|dont|didn t|did not|no need|not necessary|rather not|prefer not|without|never|hate|` +
			`instead of)(?: [a-z]+){0,4} (?:to|with|from|by|for|wait for|reach|contact) P|` +
			`(?:don t|do not|dont|no longer)(?: [a-z]+)? (?:want|need) P|` +
			`(?:do|must|should|did) (?:i|we)(?: really)?(?: (?:have|need) to)? (?:speak|talk|chat|call|contact)|` +
			`(?:customers|users|visitors|clients|guests|people|students|patients|members|they|he|she|them|him|callers|buyers|` +
			`leads)(?: [a-z]+){0,3} (?:speak|talk|chat|reach|contact|call)|` +
			`P (?:resources|data|api|sdk|mode|size|sized|profiles?|roles?|accounts?|counts?|seats?|ids?|names?|numbers?|codes?|` +
			`manual|emulator|tab|page|app|whose|named|listed)|` +
			`P (?:who|that) (?:bought|sold|ordered|sent|made|wrote|booked|paid|has|owns)|` +
			`real estate|how (?:do|does|will|would) P`,
	}
}

// german mostly has its verb at the end, and writes umlauts in two ways.
func german() language {
	return language{
		before: `eine|ein|einen|einem|einer|der|die|das|den|dem|eurem|euren|eurer|eure|ihrem|ihren|ihrer|ihre|` +
			`richtigen|richtiger|richtige|echten|echter|echte|realen|realer|reale|lebenden|lebender|lebende|` +
			`wirklichen|wirklicher|wirkliche|menschlichen|menschlicher|menschliche|kompetenten|kompetenter|` +
			`kompetente|anderen|anderer|andere|lebendigen|lebendige|support|service|kundenservice|live`,
		nouns: `mensch|menschen|person|personen|mitarbeiter|mitarbeiters|mitarbeitern|mitarbeiterin|mitarbeitenden|` +
			`mitarbeitendem|mitarbeitender|mitarbeitende|berater|beraterin|agent|agenten|agentin|operator|kundenberater|` +
			`kundenberaterin|ansprechpartner|ansprechpartnerin|sachbearbeiter|sachbearbeiterin|kollege|kollegen|kollegin|` +
			`vorgesetzten|vorgesetzte|manager|supportmitarbeiter|servicemitarbeiter`,
		other: `jemand|jemanden|jemandem|kundendienst|kundenservice|kundenbetreuung|support|support team|team`,
		bots:  `bot|roboter|robot|chatbot|maschine|computer|ki|virtuellen assistenten|ki assistenten`,
		after: `aus fleisch und blut|vom support|vom kundendienst|vom kundenservice|am telefon|von euch|von ihnen`,
		ask: `mit P(?: [a-z]+){0,4} (?:sprechen|sprech|reden|chatten|telefonieren|schreiben|verbinden|verbunden|unterhalten|` +
			`spreche|rede)|` +
			`(?:sprechen|spreche|reden|rede|chatten|verbinden|verbinde|verbindet|sprech)(?: [a-z]+){0,3} mit P|` +
			`(?:mich|uns)(?: [a-z]+){0,2} (?:an|zu|mit) P(?: [a-z]+){0,2} (?:weiterleiten|weiterleitet|uebergeben|ubergeben|` +
			`durchstellen|verbinden|verbindet)|` +
			`(?:leiten|leite|leitet|stellen|stelle|stellt|geben|gib)(?: sie)? (?:mich|uns)(?: [a-z]+){0,2} (?:an|zu|mit) P|` +
			`P(?: bitte)? (?:sprechen|erreichen|kontaktieren)|P der mir (?:helfen|hilft)|` +
			`P(?: [a-z]+){0,2} (?:anrufen|zurueckrufen|zuruckrufen)|(?:sondern|lieber) mit P|` +
			`(?:will|moechte?|mochte?|keine lust)(?: [a-z]+){0,2} (?:nicht|kein|mehr)(?: [a-z]+)? mit B`,
		want: `(?:brauche?|will|moechte?|mochte?|wuensche|wunsche|haette gerne?|hatte gerne?|gib mir|geben sie mir|gebt mir|` +
			`gibt es(?: hier)?|` +
			`ist(?: da| hier)?|verlange|bevorzuge)(?: (?:bitte|gerne?|endlich|jetzt|hier|auch|lieber))* P(?: (?:sprechen|haben))?`,
		polite: `bitte|danke|jetzt|sofort|hier|hallo|ja|nein|ok|okay|endlich|(?:kein|keinen|keine|statt|nicht) B|da|erreichbar|` +
			`verfuegbar|verfugbar`,
		not: `(?:will|moechte?|mochte?|muss|brauche?|wollte|musste)(?: [a-z]+){0,2} nicht(?: [a-z]+)? mit P|` +
			`ohne(?: [a-z]+)? mit P|` +
			`(?:muss|soll|sollte) ich(?: [a-z]+)? mit P|lieber nicht mit P|(?:brauche?|will|moechte|mochte) kein(?:en|e)? P|` +
			`(?:kunden|nutzer|benutzer|besucher|gaste|gaeste|mitglieder|leute)(?: [a-z]+){0,3} mit P`,
	}
}

// dutch puts its verb on either side, as in "met iemand spreken" and "spreek
// ik met een mens".
func dutch() language {
	return language{
		before: `een|de|het|jullie|uw|je|echte|echt|levende|levend|menselijke|menselijk|andere|ander|live|klantenservice|` +
			`support`,
		nouns: `mens|mensen|persoon|medewerker|medewerkers|medewerkster|collega|agent|operator|adviseur|vertegenwoordiger|` +
			`manager|leidinggevende|klantenservicemedewerker|supportmedewerker|helpdeskmedewerker`,
		other: `iemand|klantenservice|helpdesk|support|team`,
		bots:  `bot|robot|chatbot|computer|machine|ai|virtuele assistent`,
		after: `van vlees en bloed|van jullie|van de klantenservice|van de helpdesk|van support|aan de lijn|aan de telefoon`,
		ask: `(?:met|tegen|naar|aan) P(?: [a-z]+){0,4} (?:spreken|praten|chatten|bellen|overleggen|verbonden|doorverbonden|` +
			`doorverbinden|verbinden|kletsen|contact|doorgestuurd|doorschakelen)|` +
			`(?:spreek|spreken|praat|praten|chatten|verbind|verbinden|verbonden|doorverbinden|doorverbonden|` +
			`contact)(?: [a-z]+){0,3} (?:met|naar|tegen) P|` +
			`P (?:te )?(?:spreken|bereiken)|P die mij (?:kan helpen|helpt)|P(?: [a-z]+){0,2} (?:mij|me) (?:bellen|terugbellen|` +
			`helpen)|` +
			`wil (?:niet|geen)(?: [a-z]+)? (?:met|tegen) B`,
		want: `(?:wil|wou|wens|zoek|geef (?:mij|me)|heb|is er|mag ik|graag|liever|wil graag)(?: (?:graag|nu|even|alsjeblieft|` +
			`alstublieft|hier|ook))* P(?: (?:nodig|spreken|hebben))?`,
		polite: `alsjeblieft|alstublieft|aub|a u b|graag|nu|direct|meteen|hier|hallo|hoi|ja|nee|ok|oke|dank je|bedankt|geen B|` +
			`beschikbaar|aanwezig`,
		not: `(?:wil|hoef|hoeft|moet|wilde|hoefde)(?: [a-z]+){0,2} niet(?: [a-z]+)? (?:met|tegen) P|zonder(?: [a-z]+)? (?:met|` +
			`tegen) P|` +
			`moet ik(?: [a-z]+)? (?:met|tegen) P|liever niet (?:met|tegen) P|geen P nodig|` +
			`(?:klanten|gebruikers|bezoekers|gasten|leden|zij|mensen)(?: [a-z]+){0,3} (?:met|tegen) P`,
	}
}

// french has "personne" for nobody too, so that it needs an article to count.
func french() language {
	return language{
		before: `une|un|la|l|votre|vos|du|de la|vraie|vrai|veritable|autre`,
		nouns: `humaine|humain|une personne|la personne|autre personne|vraie personne|veritable personne|personne reelle|` +
			`personne physique|personne humaine|agente|agent|conseiller|conseillere|operateur|operatrice|representante|` +
			`representant|employee|employe|collegue|responsable|manager|superviseur|etre humain|teleconseiller|` +
			`interlocuteur`,
		other: `quelqu un|service client|service clients|support|equipe|technicien`,
		bots:  `bot|robot|chatbot|machine|ordinateur|ia|assistant virtuel`,
		after: `reelle|reel|humaine|humain|physique|client|clientele|en chair et en os|vivante|vivant|de votre equipe|` +
			`du support|du service client|au telephone`,
		ask: `(?:parler|parle|discuter|echanger|chatter|tchatter|communiquer|dialoguer|adresser|converser)(?: (?:directement|` +
			`s il vous plait|svp|maintenant|en direct))* (?:a|avec|au) P|` +
			`(?:contacter|joindre) P|(?:en relation|en contact|en ligne) avec P|` +
			`(?:me|nous) (?:transferer|passer|mettre|connecter|rediriger|orienter)(?: [a-z]+){0,4} P|` +
			`(?:transferez|transfere|passez|passe|mettez|mets|connectez|redirigez) (?:moi|nous)(?: [a-z]+){0,4} P|` +
			`P peut (?:il |elle )?m (?:aider|appeler)|` +
			`(?:veux|souhaite|voudrais) (?:pas|plus)(?: [a-z]+){1,2} (?:a|avec) B`,
		want: `(?:veux|voudrais|souhaite|souhaiterais|besoin d|besoin de|aimerais|demande|exige|prefere|donnez moi|y a t il|` +
			`passez moi)(?: avoir)? P`,
		polite: `s il (?:vous|te) plait|svp|stp|merci|maintenant|tout de suite|ici|bonjour|oui|non|ok|disponible|pas B|en ligne|` +
			`pour m aider`,
		not: `(?:veux|souhaite|souhaiterais|voudrais|besoin de?|dois|aimerais|envie de?) pas(?: [a-z]+){0,3} P|` +
			`pas (?:besoin|envie) de? (?:parler|discuter|contacter|P)|sans(?: [a-z]+){0,3} (?:parler|passer|contacter|discuter|` +
			`joindre)|` +
			`(?:dois je|faut il|devons nous|est ce que je dois)(?: [a-z]+)? (?:parler|contacter|joindre|discuter)|` +
			`(?:clients|utilisateurs|visiteurs|ils|elles|gens)(?: [a-z]+){0,3} (?:parler|contacter|joindre|discuter|echanger)`,
	}
}

// spanish puts most adjectives behind: "persona real", "agente humano".
func spanish() language {
	return language{
		before: `una|un|el|la|al|algun|alguna|su|tu|vuestro|otro|otra|verdadero|verdadera|real|autentico|autentica`,
		nouns: `personas|persona|humano|humana|agente|operadora|operador|representante|asesora|asesor|ser humano|empleado|` +
			`empleada|ejecutivo|ejecutiva|encargado|encargada|supervisora|supervisor|gerente|responsable|companero|` +
			`companera`,
		other: `alguien|atencion al cliente|servicio al cliente|soporte|equipo`,
		bots:  `bot|robot|chatbot|maquina|computadora|ia|asistente virtual|agente virtual`,
		after: `real|reales|humano|humana|de verdad|de carne y hueso|fisica|de soporte|de servicio|de atencion al cliente|` +
			`de su equipo|de vuestro equipo|en vivo|por telefono`,
		ask: `(?:hablar|hable|hablo|hablando|chatear|conversar|comunicarme|comunicame|comuniqueme|comunicar|contactarme|contactar|` +
			`conectarme|conecteme|conectame)(?: (?:directamente|por favor|ahora|en vivo))* (?:con|a|al) P|` +
			`(?:pasarme|paseme|pasame|transferirme|transfierame|transfiereme|ponerme|pongame|ponme|derivarme|derivame|deriveme|` +
			`pasen me|me (?:pasa|pase|pasas|pones|pone|transfiere|comunica|conecta))(?: [a-z]+){0,2} (?:con|a|al) P|` +
			`me (?:puedes|puede|pueden|podrias|podria) (?:pasar|comunicar|transferir|poner|conectar) (?:con|a|al) P|` +
			`P que me (?:ayude|atienda|pueda ayudar)|me atienda P|` +
			`no (?:quiero|deseo)(?: [a-z]+){1,2} con B`,
		want:   `(?:quiero|quisiera|necesito|deseo|prefiero|hay|deme|dame|solicito|exijo|busco)(?: (?:a|ver a))? P`,
		polite: `por favor|porfavor|porfa|gracias|ahora|ya|aqui|hola|si|no|ok|ahora mismo|disponible|no B|en linea`,
		not: `no (?:quiero|necesito|deseo|hace falta|tengo que|queria|quisiera)(?: [a-z]+){0,2} (?:hablar|chatear|contactar|` +
			`conversar|comunicarme)(?: [a-z]+)? P|` +
			`no (?:quiero|necesito) P|sin(?: [a-z]+){0,3} (?:hablar|contactar|llamar|chatear)|` +
			`(?:tengo que|debo|hay que|hace falta) (?:hablar|contactar)(?: [a-z]+)+ para|` +
			`(?:clientes|usuarios|visitantes|ellos|ellas)(?: [a-z]+){0,3} (?:hablar|contactar|chatear|hablen|chateen)`,
	}
}

// portuguese is that of Brazil and of Portugal alike.
func portuguese() language {
	return language{
		before: `uma|um|o|a|ao|algum|alguma|seu|sua|vosso|outro|outra|verdadeiro|verdadeira|real`,
		nouns: `pessoas|pessoa|humano|humana|atendente|agente|operadora|operador|representante|funcionario|funcionaria|` +
			`colaborador|colaboradora|consultora|consultor|gerente|supervisora|supervisor|responsavel|ser humano|` +
			`atendimento humano|assistente humano|suporte humano|apoio humano`,
		other: `alguem|suporte|apoio ao cliente|atendimento|equipe|equipa`,
		bots:  `bot|robo|robot|chatbot|maquina|computador|ia|assistente virtual`,
		after: `real|reais|humano|humana|de verdade|de carne e osso|do suporte|de suporte|do atendimento|do apoio|da equipe|` +
			`da equipa|` +
			`fisica|por telefone|ao vivo`,
		ask: `(?:falar|falo|falando|conversar|teclar|chatear|contatar|contactar|contato|contacto)(?: (?:diretamente|por favor|` +
			`agora))* (?:com|c|a|ao) P|` +
			`(?:contatar|contactar) P|` +
			`(?:me (?:transferir|transfira|transfere|passar|passa|passe|ligar|ligue|liga|conectar|conecte|conecta|encaminhar|` +
			`encaminhe|coloque)|` +
			`(?:transfira|passe|passa|ligue|liga|conecte|encaminhe|transfere) me|(?:passar|transferir|ligar|` +
			`encaminhar) me)(?: [a-z]+){0,3} (?:para|a|ao|com|pra|pro) P|` +
			`P que me (?:ajude|atenda|possa ajudar)|ser atendid[oa] por P|` +
			`nao (?:quero|desejo)(?: [a-z]+){1,2} com B`,
		want:   `(?:quero|queria|gostaria de|preciso de|preciso|desejo|prefiro|tem|ha|exijo|solicito|me de)(?: ter)? P`,
		polite: `por favor|pfv|porfavor|obrigad[oa]|agora|ja|aqui|ola|oi|sim|nao|ok|disponivel|nao B`,
		not: `nao (?:quero|preciso|desejo|gostaria|tenho|queria)(?: [a-z]+){0,2} (?:falar|conversar|contatar|` +
			`contactar)(?: [a-z]+)? P|nao (?:quero|preciso de|preciso) P|` +
			`sem(?: [a-z]+){0,3} (?:falar|contatar|contactar|ligar|conversar)|(?:preciso|tenho (?:de|que)|devo)(?: de)? (?:falar|` +
			`contatar|contactar)(?: [a-z]+)+ para (?:cancelar|mudar|alterar|ter)|` +
			`(?:clientes|usuarios|utilizadores|visitantes|eles|elas)(?: [a-z]+){0,3} (?:falar|conversar|contatar|contactar|falem)`,
	}
}

// italian hangs its pronouns on the verb: "passarmi", "mettetemi".
func italian() language {
	return language{
		before: `una|un|uno|l|il|la|lo|vostro|vostra|vero|vera|reale|altro|altra|qualche`,
		nouns: `persona|persone|umano|umana|essere umano|operatore|operatrice|agente|addetto|addetta|consulente|` +
			`rappresentante|responsabile|impiegato|impiegata|collega|incaricato|incaricata|supervisore|assistente umano|` +
			`assistente umana`,
		other: `qualcuno|assistenza clienti|servizio clienti|assistenza|supporto`,
		bots:  `bot|robot|chatbot|macchina|computer|ia|assistente virtuale`,
		after: `reale|vero|vera|umano|umana|in carne e ossa|fisica|del supporto|del servizio clienti|dell assistenza|` +
			`della vostra assistenza|del vostro supporto|del vostro team|al telefono`,
		ask: `(?:parlare|parlo|parlando|chattare|conversare|comunicare|discutere)(?: (?:direttamente|per favore|ora|` +
			`subito))* (?:con|a|ad) P|contattare P|` +
			`(?:passami|passatemi|passarmi|mi passi|mi passa|mi passate|collegami|collegatemi|mettimi|mettetemi|mettermi|` +
			`mi metta|mi metti|mi mettete|trasferiscimi|trasferitemi|trasferirmi|trasferisca)(?: [a-z]+){0,4} P|` +
			`P che mi (?:aiuti|possa aiutare)|(?:in contatto|mettermi in contatto) con P|` +
			`non (?:voglio|desidero)(?: [a-z]+){1,2} con B`,
		want:   `(?:voglio|vorrei|ho bisogno di|serve|mi serve|desidero|preferisco|datemi|dammi|c e|richiedo|chiedo di)(?: avere)? P`,
		polite: `per favore|perfavore|grazie|ora|adesso|subito|qui|ciao|salve|si|no|ok|disponibile|non B|per piacere`,
		not: `non (?:voglio|vorrei|ho bisogno di|devo|desidero|volevo|mi serve)(?: [a-z]+){0,2} (?:parlare|chattare|` +
			`contattare)(?: [a-z]+)? P|non (?:voglio|mi serve|ho bisogno di) P|` +
			`senza(?: [a-z]+){0,3} (?:parlare|contattare|chiamare|chattare)|(?:devo|bisogna|occorre) (?:parlare|` +
			`contattare)(?: [a-z]+)+ per|` +
			`(?:clienti|utenti|visitatori|loro)(?: [a-z]+){0,3} (?:parlare|contattare|chattare|parlino)`,
	}
}
