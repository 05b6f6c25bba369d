/** Scripts with spaces between words; the others have no word boundary to match. */
export const letter = String.raw`[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Hebrew}\p{sc=Arabic}]`

/** The first part of a compound; bounded, to keep the match linear. */
const prefix = `${letter}{0,24}`

const wholeWord = (...words: readonly string[]): string =>
  String.raw`(?<!${letter}|\p{N})(?:${words.join('|')})(?!${letter})`

/** Names of a one-time code. Germanic languages form compounds, Slavic ones inflect the end. */
export const codeLabel = new RegExp(
  [
    wholeWord(
      `${prefix}codes?|${prefix}kode[nr]?|${prefix}kod(?:u|unuz|em)?|kód|koodi`,
      'código|codigo|codice|cod|codul',
      'passcodes?|PINs?|OTPs?|TANs?|2FA|MFA',
      'one-?time passwords?|single-?use password|temporary password',
      `einmal-?(?:passwort|kennwort)|mot de passe (?:à usage unique|temporaire)`,
      'contraseña (?:de un solo uso|temporal)|clave|senha (?:temporária|de uso único)',
      'password (?:temporanea|monouso)|hasło jednorazowe|tek kullanımlık şifre',
      `verif${letter}*|vérif${letter}*|doğrulama|mã`,
      `код(?:а|у|ом|ът)?|пин-?код|одноразовый пароль|временный пароль`,
      `κωδικ${letter}*`,
      '[הבל]?קוד|סיסמה חד[- ]פעמית',
      '(?:ال|و)?رمز|(?:ال)?كود',
    ),
    '验证码|驗證碼|校验码|动态码|动态密码|確認コード|認証コード|認証番号|コード|ワンタイムパスワード',
    String.raw`인증\s?번호|(?:인증|확인|보안)\s?코드|कोड|ओटीपी|รหัส`,
  ].join('|'),
  'giu',
)

/** Names of other codes: a number after one is no one-time code, up to the next label. */
export const otherLabel = new RegExp(
  [
    wholeWord(
      `(?:${[
        'promo|promotion|promotional|discount|coupon|voucher|gift|referral|invite|invitation',
        'zip|postal|post|area|country|error|status|response|exit|qr|bar|source|product|item|sku',
        'tracking|booking|reservation|reference|order|invoice|customer|dress|sort|swift|tax|vat',
        'colou?r|language|currency|gate|dialling|dialing',
      ].join('|')})[ -]?codes?`,
      'confirmation number',
      '(?:rabatt|gutschein|aktions|post|bar|qr-?|quell|fehler|länder|produkt)-?codes?',
      '(?:uni|en|de)codes?|vs ?code',
      'codes? (?:promo|postal|barre|de réduction|d.erreur)',
      'código (?:postal|promocional|de descuento|de barras)',
      'codice (?:sconto|postale|fiscale|promozionale)|kod (?:pocztowy|rabatowy)',
      `промо-?код${letter}*|почтовый код|код (?:города|страны|товара|ошибки)`,
    ),
    '优惠码|邮政编码|クーポンコード|クーポン',
  ].join('|'),
  'giu',
)

/** A sentence with one of these words holds a discount code. */
export const selling = new RegExp(
  [
    wholeWord(
      'discount|off|coupon|voucher|checkout|promo|sale|rabatt|gutschein|remise|réduction',
      `descuento|sconto|zniżk${letter}*|korting|скидк${letter}*`,
    ),
    '折扣|割引',
  ].join('|'),
  'iu',
)

/** Words that may come between a label and its code. */
export const linking = new RegExp(
  [
    wholeWord(
      'is|was|ist|lautet|est|es|è|é|jest|to|er|är|on|below|now|here|este|je|your|dein|ihr|это|είναι',
      'the|number|nummer|for you|einmalig|הוא|שלך|هو|الخاص بك',
    ),
    'です|は|是|为|為|입니다|는|은|है|คือ|ของคุณ',
  ].join('|'),
  'giu',
)

/** The start of the text between a code and a label after it. */
export const linkingStart =
  /^[\s"'”»)\]*]*(?:[-–—:=(]|(?:is|as|ist|als|est|comme|es|como|è|come|é|jest|to|как|это)\s)/iu

/** Units that make the number before them a time, a price or a measure. */
export const unit =
  /^\s?(?:minutes?|mins?|hours?|hrs?|seconds?|secs?|days?|minuten|stunden|sekunden|tagen?|heures?|jours?|minutos|horas|minuti|минут\p{L}*|час\p{L}*|godzin\p{L}*|dakika|usd|eur|gbp|chf|kr|zł|руб\p{L}*|px|km|kg|mb|gb)(?!\p{L})|^\s?(?:[%€$£¥₹°]|分|秒|小时|小時|時間|분|초|円|元)/iu

export const currency = /(?:[$€£¥₹]|\b(?:usd|eur|gbp|chf|rs)\.?)\s?$/iu
