//! The words that tell a language. Lower case, with accents as people write them and without
//! where they commonly drop them. A word in several lists loses its weight by itself.

/// What tells one language.
#[derive(Debug)]
pub(super) struct List {
    /// Its BCP 47 tag.
    pub(super) code: &'static str,
    /// Words that tell it even alone: thanks, greetings, words no other language has.
    pub(super) telling: &'static str,
    /// Small words that tell it together.
    pub(super) small: &'static str,
    /// Letters that no other of these languages has.
    pub(super) letters: &'static str,
}

/// How many of [`LISTS`], from the first, are the languages that Ringback reads.
pub(super) const SIX: usize = 6;

/// The six languages, then neighbours that would be mistaken for them.
pub(super) const LISTS: [List; 10] = [
    List {
        code: "en",
        telling: "thanks thank thankyou thx thnx tysm cheers please hello sorry still doesn't \
                  don't can't won't isn't didn't haven't wasn't i'm i've i'd it's that's what's \
                  you're we're doesnt dont cant wont isnt didnt havent working worked works \
                  again anything nothing something someone anyone could would should waiting \
                  yesterday tomorrow today tonight brilliant awesome perfect great yes yeah \
                  nope",
        small: "the this that these those and but with without from have has had are is was \
                were been being you your yours my mine we our they their them he she it its \
                what when where why who how which will can cannot not just only very much more \
                most some any all about after before since because if then than there here now \
                never always too also get got getting need want know think make made did does \
                do done out up down off over back into for of to on at by as be so or an i me \
                him her us help wants wanted ask asked another thing things details above below \
                between until while each other else tell see check show give find look book \
                send sent there's here's let's i'll you'll he's she's who's cancel change card \
                address name receive today's every next last first pay paid money twice charged \
                charge log order phone number bill account received called call morning night \
                week",
        letters: "",
    },
    List {
        code: "es",
        telling: "gracias hola buenos buenas favor ayuda ayúdenme ayudenme usted \
                  ustedes también tambien todavía todavia aún está estoy están estamos tengo \
                  tiene tienen puedo puede pueden quiero quiere necesito funciona factura \
                  pedido ahora mañana ayer hoy nadie nada genial solucionado perfecto \
                  vale adiós adios desde hasta hace cuándo dónde donde cómo porqué muchas mucho \
                  muy llamen llámenme llamadme sigue sigo llegado ningún ninguna nunca entonces \
                  hacer",
        small: "el la los las un una unos unas de del al y o en con sin por para que qué como \
                pero si sí no se me te le lo les nos mi mis tu tus su sus es son era fue ha he \
                han hay más mas ya cuando porque esto esta este eso esa ese yo ella ellos todo \
                todos otra otro bien mal cuenta móvil cliente aquí alguien dos veces digo os \
                llevo llevamos esperando cobrado tres semana semanas",
        letters: "ñ¿¡",
    },
    List {
        code: "de",
        telling: "danke dankeschön dankeschoen vielen hallo guten bitte nicht ich habe haben \
                  hat funktioniert geht immer noch wieder schon warum wann wieso rechnung \
                  bestellung tag moin grüße gruß super prima klappt erledigt leider keine kein \
                  keinen niemand nichts jetzt heute morgen gestern kann können könnt könnten \
                  muss möchte moechte wurde wird sind wir euch ihr ihre ihnen sie mir mich mein \
                  meine meinen meiner ja nein doch tschüss melde warte alles",
        small: "der die das den dem des ein eine einen einem einer und oder aber mit ohne von \
                vom zu zum zur bei auf aus für fuer an am im ins in ist war es er als wie was \
                wer wo da so nur auch sehr mehr viel gut mal dann wenn weil dass daß ob seit \
                nach über unter vor bis um nun hier dort man ganz gar bin bist hab",
        letters: "ß",
    },
    List {
        code: "fr",
        telling: "merci bonjour bonsoir salut svp s'il voilà voila toujours encore pourquoi \
                  quand facture commande j'ai j' c'est c' n' n'est qu' d'accord ça marche \
                  fonctionne je suis vous nous votre vos notre aucun aucune rien jamais \
                  aujourd' demain hier depuis besoin peux pouvez pouvons veux voudrais avez \
                  avons êtes cordialement parfait super oui beaucoup plaît plait aidez aide \
                  mais chez reçu",
        small: "le la les un une des du de au aux et ou où en dans avec sans sur sous pour par \
                que qui quoi comment pas ne plus très bien mal mon ma mes ton ta tes son sa ses \
                il elle ils elles on ce cette ces est sont était été a ai as ont y d' l' s' m' \
                t' se me te tout tous si non après avant alors donc car colis compte rappeler \
                problème deux fois semaine semaines trois",
        letters: "œ",
    },
    List {
        code: "pt",
        telling: "obrigado obrigada obg brigado brigada valeu olá ola oi bom dia boa tarde \
                  noite você voce vocês voces não nao ainda estou está estão tenho tem têm \
                  posso pode podem quero preciso funciona fatura encomenda pedido agora amanhã \
                  ontem hoje ninguém nada muito muita também por favor ajuda ajudem liguem já \
                  até então resolvido perfeito tudo minha meu meus minhas seu sua desde quando \
                  ligar",
        small: "o a os as um uma uns umas de do da dos das no na nos nas em com sem por pelo \
                pela para pra que como mas e ou se me te lhe é são foi era ser ter há mais bem \
                mal isso isto este esta esse essa aqui ali lá ele ela eles eu nós todo todos \
                outra outro conta sim porque qual quem onde continua duas dois vezes cobraram \
                digo semana semanas consigo",
        letters: "ãõ",
    },
    List {
        code: "it",
        telling: "grazie ciao buongiorno buonasera salve prego perfetto funziona ancora sempre \
                  perché perche quando fattura ordine sono ho abbiamo hanno posso potete vorrei \
                  voglio bisogno aiuto nessuno niente adesso domani ieri oggi non più che anche \
                  già scusate scusi favore capito risolto bene molto cosa come dove gli \
                  chiamatemi aspetto arrivato arrivata arrivederci cordiali saluti mille della",
        small: "hai ha va il lo la i le un uno una di del dello dei degli delle al allo alla ai \
                agli alle dal dalla nel nella sul sulla con senza per tra fra e ed o ma se mi \
                ti si ci vi mio mia miei tuo tua suo sua nostro vostro questo questa quello \
                quella è era sia essere avere fare io tu lui lei noi voi loro da in su a tutto \
                tutti qui qua sì no po' c'è dell' all' l' d' un' così poi solo conto pacco \
                avete due volte settimana settimane tre riesco",
        letters: "",
    },
    List {
        code: "nl",
        telling: "bedankt dankjewel dankje hoi goedemorgen goedemiddag alstublieft alsjeblieft \
                  niet geen heb hebben heeft kunnen waarom wanneer nog steeds bestelling \
                  factuur graag jullie mijn het een bedankt dankuwel \
                  hoelang waar wordt werkt doet nogmaals alweer gisteren vandaag morgen \
                  pakket rekening iemand niemand zeggen wachten wacht gewoon",
        small: "de en van ik je jij u wij we zij ze dat dit die wat wie hoe maar met zonder \
                voor naar bij op aan uit om te is zijn was er als dan ook al wel hier nu meer \
                door of",
        letters: "",
    },
    List {
        code: "pl",
        telling: "dziękuję dziekuje dzięki dzieki cześć witam proszę prosze nie jest nadal \
                  dlaczego kiedy zamówienie faktura mogę jak ale czy się działa dziękuje dzieki macie dzisiaj dziś wczoraj jutro wciąż jeszcze gdzie ktoś nikt \
                  paczka dobry bardzo wszystko teraz ponownie znowu może",
        small: "i w na z do to co że za od po o ja ty my wy oni jego jej mój moje tak już tylko",
        letters: "łąęśźżćń",
    },
    List {
        code: "tr",
        telling: "teşekkürler teşekkür tesekkurler sağol merhaba lütfen değil neden hâlâ hala \
                  sipariş fatura çalışmıyor yok var nasıl ama için çok bir sağolun eyvallah \
                  tamam selam günler bugün dün yarın kargo hesabım param hiç kimse halen \
                  olmadı oldu geldi gelmedi bekliyorum istiyorum yapıyorum lazım böyle",
        small: "ve bu şu o ben sen biz siz mi mı ne de da ile gibi daha en evet hayır",
        letters: "ğış",
    },
    List {
        // Hindi in Latin letters, as most people type it.
        code: "hi",
        telling: "nahi nahin nhi kya kyun kyu kab kaise mera meri aap aapka aapki \
                  bhai yaar dhanyavaad shukriya karo karna raha rahi rahe gaya gayi hua abhi \
                  kuch bahut bohot theek thik paisa paise chahiye",
        small: "hai ka ki ko bhi aur toh mujhe wapas",
        letters: "",
    },
];
