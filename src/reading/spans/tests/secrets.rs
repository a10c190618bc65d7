//! Passwords, PINs and one-time codes.

use super::{SpanKind, assert_found, assert_nothing};

#[test]
fn a_password_is_found_next_to_its_word() {
    assert_found(
        SpanKind::Password,
        &[
            "my password is <hunter2>",
            "my password is <hunter2>.",
            "password: <hunter2>",
            "Password = <correct-horse>",
            "pw: <x>",
            "my password is <dragon>",
            "my password is <dragon> please help",
            "my password is \"<open sesame>\", with the space",
            "the password is '<Passw0rd!>'",
            "Passwd <Tr0ub4dor&3> does not work",
            "user kim password <hunter2>",
            "the password for my account is <hunter2>",
            "password I use is <s3cret>",
            "I changed the password to <n3wone>",
            "<hunter2> is my password",
            "my passcode is <998877>",
            "password 👉 <hunter2>",
            "password:\n<hunter2>",
            "mein Passwort ist <Sommer23>",
            "Passwort lautet <Blumenwiese>",
            "Passwort: <geheim1>",
            "das Kennwort lautet <x9y8z7>",
            "mi contraseña es <perro123>",
            "contraseña: <gatito>",
            "mi clave: <perro123>",
            "mon mot de passe est <soleil75>",
            "mot de passe : <azerty>",
            "mdp: <azerty>",
            "a minha senha é <praia2020>",
            "senha: <cachorro>",
            "la mia password è <gatto99>",
            "password: <cane>",
            "pass: <hunter2>",
            "la parola d'ordine è <rosa77>",
        ],
    );
}

#[test]
fn talk_about_a_password_is_no_password() {
    assert_nothing(&[
        "I forgot my password",
        "reset password please",
        "password reset link never came",
        "my password is wrong",
        "my password is not working",
        "my passcode was denied.",
        "the password is incorrect!",
        "password is always rejected",
        "the password has expired",
        "password was changed yesterday",
        "the password for my account is not accepted",
        "how do I change my password?",
        "Password: forgotten",
        "my password to log in does not work",
        "password must have 8 characters",
        "password 2 times wrong",
        "I forgot my password and my name is Kim",
        "is my password safe with you?",
        "password reset: https://example.com/r/1234abcd",
        "mein Passwort ist falsch",
        "Passwort vergessen",
        "mein Passwort ist abgelaufen",
        "das Passwort wird nicht angenommen",
        "mi contraseña es incorrecta",
        "olvidé mi contraseña ayer",
        "la contraseña no es válida",
        "mon mot de passe est incorrect",
        "mot de passe oublié",
        "mon mot de passe ne marche pas",
        "a minha senha é inválida",
        "esqueci a senha",
        "la password è sbagliata",
        "ho dimenticato la password",
        "boarding pass: AB1234",
        "the travel pass: 30 days",
        "passwords are stored where?",
        "my password isn't accepted",
        "the password keeps failing",
    ]);
}

#[test]
fn a_pin_is_found_next_to_its_word() {
    assert_found(
        SpanKind::Pin,
        &[
            "PIN <4711>",
            "my pin is <4711>",
            "PIN: <4711>",
            "pin code <471100>",
            "PIN number is <4711>, thanks",
            "PIN (<4711>)",
            "my PIN is either <4711> or <4712>",
            "PIN changed, from PIN <1234> to <5678>",
            "<4711> is my PIN",
            "use <4711> as my pin",
            "I set the PIN to <4711>",
            "meine PIN lautet <4711>",
            "Geheimzahl: <4711>",
            "mi PIN es <4711>",
            "código pin: <4711>",
            "mon code secret est <4711>",
            "code PIN : <4711>",
            "o meu PIN é <4711>",
            "il mio PIN è <4711>",
            "cvv <123>",
            "CVC: <9876>",
            "PIN <４７１１>",
        ],
    );
}

#[test]
fn talk_about_a_pin_is_no_pin() {
    assert_nothing(&[
        "the pin is blocked",
        "PIN number please",
        "what is your PIN?",
        "pin 2 tweets",
        "pinned 4711 times",
        "pineapple 4711",
        "PIN for order 12345",
        "I need a new PIN. 2024 was a bad year",
        "Bitte PIN eingeben",
        "meine PIN ist gesperrt",
        "olvidé el PIN ayer",
        "mon code PIN est bloqué",
        "o PIN não funciona",
        "il PIN è bloccato",
        "the PIN has 4 digits",
        "spin 4711",
        "pin it at 10:30",
        "drop a pin 2024.5 km away",
    ]);
}

#[test]
fn a_one_time_code_is_found_next_to_its_word() {
    assert_found(
        SpanKind::OneTimeCode,
        &[
            "code is <482913>",
            "the code is <482913>",
            "my code: <482913>",
            "OTP <482913>",
            "otp is <4829>",
            "verification code <482913>",
            "verification code: <482-913>",
            "your security code is <482 913>",
            "<482913> is your verification code",
            "<482913> is your code",
            "the verification code I got is <482913>",
            "login code <G-482913>",
            "access code is <A7K29Q>",
            "one-time password: <482913>",
            "TAN <482913>",
            "der Code lautet <482913>",
            "Bestätigungscode: <482913>",
            "Ihr Sicherheitscode ist <482913>",
            "el código es <482913>",
            "código de verificación <482913>",
            "le code est <482913>",
            "code de vérification : <482913>",
            "o código é <482913>",
            "código de verificação: <482913>",
            "il codice è <482913>",
            "codice di verifica <482913>",
        ],
    );
}

#[test]
fn other_codes_are_no_one_time_codes() {
    assert_nothing(&[
        "promo code SUMMER10",
        "promo code is 482913",
        "postal code 90210",
        "my postal code is 90210",
        "error code 500",
        "error code: 50012",
        "the booking code is 482913",
        "booking code KX77PL",
        "zip code: 90210",
        "code 482913",
        "area code is 0171",
        "the code is not arriving",
        "I never got the verification code",
        "verification code please",
        "discount code: 20242024",
        "der Rabattcode ist 482913",
        "Fehlercode: 50012",
        "código postal: 28013",
        "código de descuento es 482913",
        "code postal : 75011",
        "code promo : 482913",
        "código promocional: 482913",
        "codice sconto: 482913",
        "codice di errore: 50012",
        "the code is 12",
        "tan shoes, size 48",
        "the code is 4829137561",
    ]);
}
