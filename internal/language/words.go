package language

// The stop words of each language: articles, pronouns, prepositions,
// conjunctions, auxiliaries and question words, and what an apostrophe leaves
// of them. Words that can name a product's function ("up", "off") stay in.
const (
	stopEnglish = `a about above after again against all also am an and any anybody anyone anything anywhere are aren as
at be because been before being below between both but by can cannot could couldn d did didn do does doesn doing don
during each everybody everyone everything few for from further had hadn has hasn have haven having he her here
hers herself him himself his how however i if in into is isn it its itself just let ll m may me might more most must
my myself no nobody nor not nothing of on once only or other our ours ourselves out over own please re s same shall
she should shouldn so some somebody someone something somewhere such t than that the their theirs them themselves then
there these they this those through to too under until upon us ve very was wasn we were weren what when where which
while who whom whose why will with within without won would wouldn you your yours yourself yourselves`

	stopGerman = `aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf
aus bei beim bin bis bist da damit dann das dass daß dein deine deinem deinen deiner dem den denn der des dich die
dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einige einigen einiger
er es etwas euch euer eure für gegen gibt hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre
ihrem ihren ihrer im in indem ins irgendetwas irgendjemand irgendwas irgendwie ist jede jedem jeden jeder jedes jemand
jemandem jemanden jene jetzt kann kannst kein keine keinem keinen keiner können könnte machen man manche mein meine
meinem meinen meiner mich mir mit muss musste muß müssen nach nicht nichts niemand noch nun nur ob oder ohne sehr sein
seine seinem seinen seiner seit sich sie sind so solche soll sollen sollte sondern sonst über um und uns unser unsere
unserem unseren unserer unter viel vom von vor wann war waren warum was weg weil weiter welche welchem welchen welcher
welches wenn wer werde werden wie wieder will wir wird wirst wo woher wohin wollen worden wurde wurden während würde
würden zu zum zur zwar zwischen`

	stopFrench = `ai aie ainsi alors as au aucun aussi autre aux avant avec avez avoir avons c ce ceci cela celle celui
ces cet cette ceux chez chose comme comment d dans de depuis des deux doit donc dont du elle elles en encore entre es
est et personne quelqu quelque quelques rien étaient était étant été être eu eux fait faire faut il ils j je jusqu l
la le les leur leurs lui lors lorsque m ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par parce pas
peut peuvent peux plus pour pourquoi pouvez qu quand que quel quelle quelles quels qui quoi s sa sans se sera ses si
soi soit son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une vers vos votre vous y à ça`

	stopSpanish = `a al algo alguien alguna algunas alguno algunos algún ante antes aquí así aunque cada como cómo con
contra cual cuál cuales cuáles cualquier cuando cuándo cuanto cuánto cuánta cuántas cuántos de debe debo del desde
donde dónde dos durante e el nadie él ella ellas ellos en entre era eran es esa esas ese eso esos esta está estaba
están estas este esto estos estoy fue fueron ha haber había han hasta hay he la las le les lo los me mi mí mis más
mucho muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por porque pueda puede
pueden puedo qué que quien quién quienes se sea ser será si sí sido sin sobre son soy su sus también tan te tener
tengo tiene tienen todo todos tu tú tus un una unas uno unos usted ustedes y ya yo`

	stopItalian = `a abbiamo agli ai al all alla alle allo anche ancora avere aveva c che chi ci cui coi col come con
contro cosa così d da dagli dai dal dall dalla dalle dallo degli dei del dell della delle dello deve devo di dopo dove
due e ed nessuno niente nulla qualche qualcosa qualcuno è era erano essere fa fare fino fra fu furono gli ha hai hanno
ho i il in io l la le lei li lo loro lui ma me mi mia mie miei mio molto ne negli nei nel nell nella nelle nello no
noi non nostra nostro o ogni oppure per perché più poi posso possono può qual quale quali quando quanta quante quanti
quanto quella quelle quelli quello quest questa queste questi questo qui quindi sarà se sei senza si sia siamo sono
sopra sotto sta stata stati stato su sua sue sugli sui sul sull sulla sulle sullo suo suoi te ti tra tu tua tue tuo
tuoi tutti tutto un una uno v vi viene voi vostra vostro`

	stopDutch = `aan al alle alles als altijd andere ben bij bijv daar dan dat de deze die dit doch doen door dus een
eens en er ergens ge geen geweest haar had heb hebben heeft hem het hier hij hoe hoeveel hun iemand iets ik in is ja
je jij jou jouw jullie kan kon kunnen kunt maar me meer men met mij mijn moet moeten na naar niemand niet niets nog nu
of om omdat ons onze ook op over reeds te tegen ten ter toch toen tot u uit uw van veel voor waar waarom wanneer want
waren was wat we wel welk welke werd wie wij wil worden wordt zal ze zelf zich zij zijn zo zonder zou zullen`

	stopPortuguese = `a algo algum alguma algumas alguns alguém nada ninguém à ao aos às aquela aquele aqueles aquilo as
até com como da das de dela dele deles depois do dos e é ela elas ele eles em entre era eram essa essas esse esses
esta está estão estas estava este estes eu foi foram for há isso isto já lhe mais mas me mesmo meu meus minha minhas
muito na não nas nem no nos nós nossa nosso num numa o onde os ou para pela pelas pelo pelos pode podem por porque
posso qual quais quando quanto quanta que quê quem se sem ser será seu seus só são sua suas também te tem têm ter teu
tu tua tudo um uma você vocês`

	stopSwedish = `alla allt att av bara blev bli blir den denna deras dess dessa det detta dig din dina ditt du där då
efter eller en er era ett från för ha hade han hans har henne hennes hon honom hur här i icke ingen ingenting inom
inte jag ju kan kunde man med mellan men mig min mina mitt mot mycket måste ni nu när någon någonting något några och
om oss på samma sedan sig sin sina sitt själv ska skulle som så till under upp ut utan vad var vara varför vart vem vi
vid vilka vilken vilket vår våra vårt är över`

	stopNorwegian = `alle alt at av bare begge ble blei bli blir da de deg dei dem den denne der deres det dette di din
disse ditt du eg ein eit eller en enn er et ett etter for fordi fra før ha hadde han hans har hennar henne hennes her
hos hun hva hvem hver hvilken hvis hvor hvordan hvorfor i ikke ikkje ingen ingenting inn jeg kan kunne kva kvar man
med meg meget mellom men mi min mitt mot mye må noe noen nå når og også om opp oss over på seg selv si sia sin sitt
skal skulle slik som så til um under ut uten var ved vi vil ville vår vært å`

	stopRussian = `а без более бы был была были было быть в вам вас ваш весь во вот все всего всех вы где да даже для до
его ее ей если есть еще же за здесь и из или им их к как какая какие какой когда ко который которые кто ли либо мне
может можно мой моя мои мы на надо нам нас наш не него нее нет ни никто них ничего но о об однако он она они оно от
очень по под при про с со свой себя сколько так также такой там те тем то того тоже той только том ты у уже хотя чего
чем через что чтобы чье эта эти это этого этой этом этот я`

	stopHungarian = `a ahogy akkor alatt semmi senki valaki valami által amely amelyek ami amíg annak arra arról az azért
azok azon azt be csak de e ebben egy egyes egyéb együtt ehhez én és elő első előtt erre ez ezek ezen ezért ezt fel ha
hanem hogy hogyan hol illetve is ki kell kellett közül le legyen lehet lesz ma már meg mely mert mi mikor milyen mint
mit nagyon ne nekem nem ő ők olyan ott össze pedig s saját sem sok szerint szét számára te tehát ti után van vagy
vagyok vannak vele volt voltak vissza`
)

// Words that a customer asks with and that the content which answers need not
// have: "how long", "I want to know".
const (
	askingEnglish = `able ask allow allowed best big exactly explain far find get getting give happen happens help hello hi
hey know like long look looking make many mean means much need often old possible quick quickly question show soon take
takes tell thank thanks thing things think time try trying understand use using want way work works wondering`

	askingGerman = `bekomme bekommen bitte brauche brauchen danke dauert erklären finde finden frage funktioniert gehen geht
genau gerne hallo hilfe lange möchte möglich oft passiert sagen schnell viel viele wissen wieviel`

	askingFrench = `aide aimerais avoir bonjour combien comprendre dire expliquer merci possible quand question savoir souhaite
temps trouver utiliser veux voudrais`

	askingSpanish = `ayuda cuánto decir encontrar explicar favor gracias hola necesito pasa posible pregunta quiero quisiera
saber tarda tiempo usar`

	askingItalian = `aiuto bisogno buongiorno capire ciao dire domanda funziona grazie possibile sapere spiegare tempo trovare usare
voglio vorrei`

	askingDutch = `bedankt graag hallo hulp krijg krijgen lang mogelijk nodig precies snel uitleggen vaak vertellen vinden vraag weten
werkt`

	askingPortuguese = `ajuda dizer encontrar explicar favor funciona gostaria obrigado olá possível pergunta preciso quero saber
tempo usar`
)
