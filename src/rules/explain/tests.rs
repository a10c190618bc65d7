//! The rules as sentences.

use super::explain;
use crate::rules::Rules;

#[test]
fn the_rules_read_as_sentences() {
    let source = r#"
desk = "day"
mute_lasts = "7d"
[channels.webchat]
grace = 1
attempts = 0
zone = "America/Chicago"
country = "US"
video_url = "https://meet.example.com/{{ room }}"
ask_satisfaction = true
exchanges = 4
on_soft = "ring"
[channels.same]
exchanges = 3
[channels.trial]
on_soft = "one_more"
watch = true
attempts = 5
claim_within = "20m"
[desks.day]
brand = "Brightwire"
language = "es"
members = ["lee", "kim", "ana"]
zone = "America/New_York"
hours = ["mon-tue 09:00-18:00", "sat 20:00-24:00"]
holidays = ["2026-07-03", "12-25"]
on_call = "kim"
card_detail = "group"
[desks.night]
quiet_hours = "never"
[phrases.urgent]
add = ["gas leak", "recall"]
remove = "fire"
[topics]
billing = ["bill", "invoice"]
[levels]
phone = "confidential"
[retention]
threads = "365d"
[[patterns]]
name = "members"
regex = '\bM\d{8}\b'
[[patterns]]
name = "branch-accounts"
regex = '\b77-\d{6}\b'
kind = "bank_account"
[[rules]]
name = "late-refunds"
when = { exchange = 2, channels = ["webchat", "trial"], visibility = "public", topics = "billing", words = ["refund", "money back"], languages = "en", tags = ["vip"], hours = "closed" }
then = "callback"
desk = "night"
[[rules]]
name = "press"
when = { tags = ["press", "radio"] }
then = "flag"
priority = 5
[[tests]]
thread = "customer: hello"
expect = "none"
"#;
    let rules = Rules::parse(source.as_bytes(), "rules.toml", None).unwrap();
    insta::assert_snapshot!(explain(&rules), @r#"
    On every channel
    - A person rings the customer back at exchange 3, unless it is thanks.
    - If the customer is merely answering us, the callback is soft: it turns loud at their next turn that is not thanks, or after 15m without our answer.
    - Messages of one party at most 10m apart are one exchange.
    - A complaint within 1d of a solved case reopens it.
    - A customer who is silent for more than 3d after our last message starts a new case.
    - A customer who stays in text is not rung; at exchange 6 a supervisor is asked to join.
    - The desk is reminded of a customer who has waited 30m for our answer, in its hours.
    - The desk looks again 1d after a customer settled to wait.
    - If an agent keeps typing, 2 more exchanges pass before the count rings again.
    - An author who is no customer opens no callback for 7d.
    - Desk day works the callbacks.
    - If nobody has claimed a callback for 10m, the desk is reminded; after as long again, a supervisor.
    - An agent who has a callback and is silent for 30m is asked; after 10m more it is released.
    - A call that nobody answers is tried 3 times more, after 15m, 2h, 1d, at an hour at which customers are rung; then a supervisor has it.
    - Customers of whom nothing else is known are where the desk is.
    - A phone number needs its country code.
    - No video call is offered.
    - Customers are not asked whether a call helped.
    - The desk is told what is decided.
    - Ringback says something to customers by itself in private only.

    On channel trial, instead
    - If the customer is merely answering us, it waits for their next turn that is not thanks.
    - If nobody has claimed a callback for 20m, the desk is reminded; after as long again, a supervisor.
    - An agent who has a callback and is silent for 30m is asked; after 20m more it is released.
    - A call that nobody answers is tried 5 times more, after 15m, 2h, 1d each, at an hour at which customers are rung; then a supervisor has it.
    - Watch only: decisions are kept and reported, and nobody is told.

    On channel webchat, instead
    - A person rings the customer back at exchange 4, unless it is thanks.
    - It rings just as loud if the customer is merely answering us.
    - If an agent keeps typing, 1 more exchange passes before the count rings again.
    - A call that nobody answers is not tried again: a supervisor has it.
    - Customers of whom nothing else is known are in America/Chicago.
    - A phone number without a country code is one of US.
    - Instead of a phone call, a video call can be offered at https://meet.example.com/{{ room }}.
    - Customers are asked whether a call helped.

    A customer's message: the first that matches decides
    1. wants_call: the customer asks to be rung: callback.
    2. urgent: an urgent word: callback at the head of the queue; a supervisor in text if the customer stays in text.
    3. thanks: the case is solved; after a promise of ours the customer waits instead.
    4. wants_text: the customer stays in text: no callback.
    5. waiting: the customer settles to wait: nothing now.
    6. press, yours (priority 5): if it is tagged press or radio: the desk is told.
    7. late-refunds, yours: if the exchange is 2 or later, and the channel is webchat or trial, and the message is public, and the topic is billing, and it says "refund" or "money back", and the language is en, and it is tagged vip, and the desk is closed: callback (desk night).
    8. callback_open: a callback is open already: the message goes to its card.
    9. held: the customer stays in text: no callback.
    10. rule_of_three: the exchange is reached: callback.
    11. none: nothing.

    Desks
    - day is open mon 09:00-18:00, tue 09:00-18:00, sat 20:00-24:00 in America/New_York; ana, kim and lee work it; customers know it as Brightwire, in es where theirs is not known.
    - day is closed on 2026-07-03, 12-25 of every year.
    - day rings nobody from 21:00 to 08:00 where they are.
    - kim is told of what is urgent while day is closed.
    - On day, an account is on shift for 8h after it last did something.
    - In a chat group, one queue card stands for more than 15 due callbacks of day; everybody in the group sees number and history.
    - What agents write in a chat group of day after // is a note among them; links are shown without a preview.
    - On day, 20 callbacks of one topic that the count opened within 30m are an incident.
    - night is always open; everybody works it; customers know it as Ringback, in en where theirs is not known.
    - night rings customers at any hour of theirs.
    - On night, an account is on shift for 8h after it last did something.
    - In a chat group, one queue card stands for more than 15 due callbacks of night; whoever claims it sees number and history.
    - What agents write in a chat group of night after // is a note among them; links are shown without a preview.
    - On night, 20 callbacks of one topic that the count opened within 30m are an incident.

    What customers hear from Ringback, in private
    - data_hidden (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Una parte de lo que nos ha escrito parecía confidencial, así que la hemos ocultado y no guardamos ninguna copia. Por favor, no envíe datos así por este chat. Puede seguir aquí con toda tranquilidad; si prefiere hablar con una persona, escriba «llámeme».
    - identity_needed (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Para lo que nos pide, primero necesitamos estar seguros de que es usted. Por favor, no envíe datos personales por este chat. Usted elige: rellene nuestro formulario seguro con el botón de abajo o escriba «llámeme» y una persona le llamará.
    - details_asked (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. A una persona de nuestro equipo le gustaría llamarle por este asunto. Podemos llamarle, como muy pronto, ⟨when⟩. Con el botón de abajo puede indicarnos a qué número llamar y cuándo le viene bien, o que prefiere seguir aquí en el chat.
    - form_submitted (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Su formulario nos ha llegado correctamente y solo lo ven las personas que lo necesitan. Lo revisaremos y le responderemos aquí. Si quiere cambiar algo, escríbanos.
    - identity_verified (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Hemos comprobado su identidad y todo está en orden. Le responderemos aquí sobre lo que nos pidió. Si prefiere hablar con una persona, escriba «llámeme».
    - call_coming (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Estamos a punto de llamarle al número que termina en ⟨number_end⟩. Para que sepa que somos nosotros, quien le llame dirá primero las dos palabras «⟨words⟩». ¿Prefiere seguir aquí en el chat? Díganoslo.
    - call_waits (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Una persona de nuestro equipo le llamará ⟨when⟩ al número que termina en ⟨number_end⟩: es el próximo momento en que podemos atenderle y en que no es demasiado pronto ni demasiado tarde donde usted está. Si le viene mejor otro momento o prefiere seguir aquí en el chat, díganoslo.
    - call_scheduled (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Le llamaremos ⟨when⟩ al número que termina en ⟨number_end⟩. Si le viene mejor otro momento o prefiere seguir aquí en el chat, díganoslo.
    - call_late (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Nuestra llamada tarda más de lo debido y lo sentimos. Una persona responsable se ocupa ya de ello. Si prefiere seguir aquí en el chat, díganoslo.
    - no_answer (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Acabamos de llamarle al número que termina en ⟨number_end⟩ y no hemos podido hablar con usted. No pasa nada: volveremos a intentarlo ⟨when⟩. Con el botón de abajo puede elegir el momento que mejor le venga o decirnos que prefiere seguir aquí en el chat.
    - wrong_number (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Hemos intentado llamarle, pero el número que tenemos no parece ser el suyo. Con el botón de abajo puede darnos el correcto y un buen momento, o decirnos que prefiere seguir aquí en el chat.
    - call_exhausted (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Le hemos llamado varias veces sin poder hablar con usted, así que no volveremos a llamar por nuestra cuenta. No se pierde nada: una persona responsable tiene su asunto y le escribirá aquí. Si al final desea una llamada, escriba «llámeme».
    - incident_status (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. En este momento muchos clientes nos escriben por lo mismo. ⟨status⟩ No tiene que hacer nada y volveremos a ponernos en contacto con usted. Si prefiere hablar ya con una persona, escriba «llámeme».
    - video_offered (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. También podemos hablar por vídeo en lugar de por teléfono. Para que sepa que somos nosotros, la persona de nuestro equipo dirá primero las dos palabras «⟨words⟩». Si prefiere una llamada de teléfono o seguir aquí en el chat, díganoslo. Para hablar por vídeo, abra este enlace: ⟨video⟩
    - satisfaction_asked (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Hemos hablado por teléfono. ¿Le ha servido de ayuda? Basta con tocar un botón de abajo, y puede dejarlo sin contestar. Si queda algo pendiente, escríbanos aquí.

    Identity checks
    - The form identity is offered where no other is; it asks for full_name, birth_date (a date), postal_code, customer_number (may be left empty).
    - A link to a form can be opened for 30m, and asked for within 1d.
    - What was filled in is deleted after 1d.
    - An answer of ours that asks for identity data goes back to its agent after 15m.

    Words
    - The topic is billing if a message says "bill" or "invoice".
    - "gas leak" or "recall" counts as urgent.
    - "fire" no longer counts as urgent.
    - What the pattern members finds is data of your own.
    - What the pattern branch-accounts finds is data of the kind bank_account.
    - Data of the kind phone is confidential.

    What is kept
    - A thread goes, with all that belongs to it, 365d after the last that happened on it; one with an open callback or form stays.
    - Who did what is kept for 730d.
    - What a desk was told goes 90d after it ended.
    - A web chat cannot be opened again after 90d without its customer.
    - That a message could not be taken is kept for 30d.
    - What webhooks were told is kept for 7d; what could not be told, for 90d.

    The file has 1 test of its own. Version e2a06528f9ad.
    "#);
}

#[test]
fn the_shipped_rules_read_as_sentences() {
    let sentences = explain(&Rules::built_in());
    assert!(
        sentences.contains("at exchange 3, unless it is thanks"),
        "{sentences}"
    );
    assert!(!sentences.contains("On channel"), "{sentences}");
}
