import { describe, expect, it } from 'vitest'
import { codesOf } from '../../src-main/domain/reading/extract-codes.ts'

/** Realistic mail: subject, text and codes. */
const mails: readonly (readonly [subject: string, text: string, codes: readonly string[]])[] = [
  [
    'Your verification code',
    'Hi Ann,\n\nYour code is 482913. It expires in 10 minutes.\n\n© 2024 Acme Inc, 548 Market Street, San Francisco, CA 94104',
    ['482913'],
  ],
  [
    'Sign in to Acme',
    'Enter this code to sign in:\n\n482 913\n\nIf you did not ask, call +1 555 123 4567.',
    ['482913'],
  ],
  ['G-482913 is your Google verification code', '', ['482913']],
  ['Acme', 'Your verification code from Acme is: 482913', ['482913']],
  ['Acme', 'Your verification code for your Acme account is 482913.', ['482913']],
  [
    'Dein Bestätigungscode',
    'Hallo,\ndein Bestätigungscode lautet:\n482913\nEr ist 15 Minuten gültig.',
    ['482913'],
  ],
  ['Ihr Einmalpasswort', 'Ihr Einmalpasswort: 4829', ['4829']],
  ['x', 'Votre code de vérification est 482 913.', ['482913']],
  ['x', 'Tu código de verificación es: 482913', ['482913']],
  ['x', 'Il tuo codice di verifica è 482913', ['482913']],
  ['x', 'Seu código de acesso é 48291', ['48291']],
  ['x', 'Ваш код подтверждения: 4829. Никому не сообщайте его.', ['4829']],
  ['x', '482913 — ваш код для входа', ['482913']],
  ['x', '您的验证码是482913，5分钟内有效。', ['482913']],
  ['x', '【Acme】验证码：482913', ['482913']],
  ['x', '認証コード：482913', ['482913']],
  ['x', 'ワンタイムパスワードは 482913 です。', ['482913']],
  ['x', '인증번호는 482913 입니다', ['482913']],
  ['x', '인증번호 [482913]를 입력하세요', ['482913']],
  ['x', 'רמז: קוד האימות שלך הוא 482913', ['482913']],
  ['x', 'رمز التحقق الخاص بك هو 482913', ['482913']],
  ['x', 'Doğrulama kodunuz: 482913', ['482913']],
  ['x', 'Twój kod weryfikacyjny to 482913', ['482913']],
  ['x', 'Je verificatiecode is 482913', ['482913']],
  ['x', 'Din engangskode er 482913', ['482913']],
  ['x', 'รหัส OTP ของคุณคือ 482913', ['482913']],
  ['x', 'आपका ओटीपी 482913 है', ['482913']],
  ['x', 'Mã xác nhận của bạn là 482913', ['482913']],
  ['x', 'Your device code is WDJB-MJHT', ['WDJB-MJHT']],
  [
    'Your Acme login code',
    'Someone tried to sign in from Berlin.\n\nXK7-92Q\n\nNot you? Ignore this.',
    ['XK7-92Q'],
  ],
  ['x', 'Your temporary password is aB3xY9kQ', ['aB3xY9kQ']],
  ['x', 'Your code: 2024', ['2024']],
  ['x', '4 8 2 9 1 3\nis your verification code', ['482913']],
  ['x', 'PIN: 0042', ['0042']],
  ['x', 'Use 482913 as your Acme security code', ['482913']],
  ['x', 'Your one-time password (OTP) is 482913. Valid for 5 minutes.', ['482913']],
  ['Verification code', 'Order\n48213\nVerification code\n482913', ['482913']],
  ['Login', 'Your code 482913 10 minutes', ['482913']],
  [
    'x',
    'Your verification code: 482913\nRequested: 2026-11-21 22:41 from 192.168.1.1\nRef: 99887766',
    ['482913'],
  ],
  ['Kód', 'Váš ověřovací kód je 482913', ['482913']],
  ['x', 'Ο κωδικός σας είναι 482913', ['482913']],
  ['x', 'Your\u00a0code:\u00a0482\u00a0913', ['482913']],
  ['x', '認証コードは４８２９１３です。', ['482913']],
  ['x', '*482913* is your code', ['482913']],
  ['x', 'Your backup codes:\n482913\n771204', ['482913', '771204']],
  ['x', 'Your code (valid for 10 minutes): 482913', ['482913']],
  ['x', 'https://app.example.com/in?code=771204\nYour code is 482913', ['482913']],
]

/** Numbers that look like codes but are not. */
const others: readonly (readonly [subject: string, text: string])[] = [
  [
    'Order 48291 confirmed',
    'Thanks for your order #48291.\nTotal: $1234.00\nOrder number: 482913\nTracking number 12345678',
  ],
  ['Invoice', 'Invoice no. 2024-0042\nPostal code: 94104\nCustomer code 12345'],
  ['Sale', 'Use code SAVE2024 at checkout for 20% off. Code 482913 gives 10% off.'],
  [
    'Verify your email',
    'Click to verify your email. This link was sent on March 5, 2024.\n548 Market Street\nSan Francisco, CA 94104\n© 2024 Acme',
  ],
  ['Verify', 'Please verify your card ending in 4242.'],
  ['Newsletter', 'In 2023 we wrote 12345 lines of code. Read more.'],
  ['x', 'Error code: 5021 in status code 1234'],
  ['x', 'Your verification call comes from 555-1234.'],
  ['Booking', 'Booking code: ABC123\nConfirmation number: 12345678'],
  ['x', 'Code expires in 1440 minutes'],
  ['x', 'Dein Rabattcode: 12345'],
  ['x', 'Your QR code 12345'],
  ['Your receipt', 'Your Acme card ending in 4242 was charged USD 1299 on 12/05/2026.'],
  ['Reset your password', 'Reset it here: https://app.example.com/reset?code=482913 (30 minutes).'],
  ['Call us', 'Questions about your code? Call +49 30 1234567 or (555) 123-4567.'],
  ['Your parcel', 'Sendungsnummer 12345678, Postleitzahl 10115 Berlin, Tel. 030 123456'],
  ['Chiffres', 'Code postal : 75001 Paris. Votre commande 482913 est en route.'],
  ['Release', 'We shipped version 2026 of the source code 12345.'],
  ['', ''],
]

describe('One-time codes', () => {
  it.each(mails)('The code is extracted from “%s”: %s', (subject, text, codes) => {
    expect(codesOf(subject, text)).toEqual(codes)
  })

  it.each(others)('No code is extracted from “%s”: %s', (subject, text) => {
    expect(codesOf(subject, text)).toEqual([])
  })

  it('Only the code with the best label is extracted', () => {
    const text = 'Enter the code we have for you, 111222 perhaps.\nYour code: 482913'
    expect(codesOf('', text)).toEqual(['482913'])
  })

  it.each([
    ['letters', 'a'.repeat(200_000)],
    ['digits', '1'.repeat(200_000)],
    ['numbers', '1 '.repeat(100_000)],
    ['lines of numbers', '123456\n'.repeat(30_000)],
    ['labels', 'code 123456\n'.repeat(20_000)],
    ['compounds', 'kode'.repeat(50_000)],
    ['schemes', 'http:'.repeat(40_000)],
    ['groups', 'A1A-'.repeat(50_000)],
  ])('The extraction of codes takes linear time in endless %s', (_, text) => {
    const started = performance.now()
    codesOf(text.slice(0, 900), text)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
