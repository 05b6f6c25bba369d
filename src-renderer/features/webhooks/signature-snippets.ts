export const languages = ['node', 'python', 'go', 'php', 'ruby'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = {
  node: 'Node',
  python: 'Python',
  go: 'Go',
  php: 'PHP',
  ruby: 'Ruby',
}

/** `X-Webhook-Signature: sha256=<hex>`, HMAC-SHA256 over the raw bytes of the body. */
export const snippets: Readonly<Record<Language, string>> = {
  node: `import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const secret = process.env.WEBHOOK_SECRET

function isGenuine(rawBody, signature) {
  const expected = 'sha256=' + createHmac('sha256', secret).update(rawBody).digest('hex')
  const a = Buffer.from(signature ?? '')
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const rawBody = Buffer.concat(chunks) // the raw bytes, before any parsing
  if (!isGenuine(rawBody, request.headers['x-webhook-signature'])) {
    response.writeHead(401).end()
    return
  }
  response.writeHead(200).end() // respond first, process afterwards
  const event = JSON.parse(rawBody)
  console.log(event.type, event.data.email_id)
}).listen(process.env.PORT ?? 3000)
`,
  python: `import hashlib, hmac, json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()

def is_genuine(raw_body: bytes, signature: str) -> bool:
    expected = "sha256=" + hmac.new(SECRET, raw_body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), expected.encode())

class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        raw_body = self.rfile.read(int(self.headers["Content-Length"]))
        genuine = is_genuine(raw_body, self.headers.get("X-Webhook-Signature", ""))
        self.send_response(200 if genuine else 401)
        self.end_headers()
        if genuine:
            event = json.loads(raw_body)
            print(event["type"], event["data"].get("email_id"), flush=True)

HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Hook).serve_forever()
`,
  go: `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net/http"
	"os"
)

func isGenuine(rawBody []byte, signature, secret string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(rawBody)
	expected := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(signature), []byte(expected))
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		rawBody, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || !isGenuine(rawBody, r.Header.Get("X-Webhook-Signature"), os.Getenv("WEBHOOK_SECRET")) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		log.Println(r.Header.Get("X-MailSage-Event"))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:3000", nil))
}
`,
  php: `<?php
$secret = getenv('WEBHOOK_SECRET');
$rawBody = file_get_contents('php://input'); // the raw bytes
$signature = $_SERVER['HTTP_X_WEBHOOK_SIGNATURE'] ?? '';
$expected = 'sha256=' . hash_hmac('sha256', $rawBody, $secret);

if (!hash_equals($expected, $signature)) {
    http_response_code(401);
    exit;
}

$event = json_decode($rawBody, true);
error_log($event['type']);
http_response_code(200);
`,
  ruby: `require 'json'
require 'openssl'

SECRET = ENV.fetch('WEBHOOK_SECRET')

def genuine?(raw_body, signature)
  expected = 'sha256=' + OpenSSL::HMAC.hexdigest('SHA256', SECRET, raw_body)
  OpenSSL.secure_compare(expected, signature.to_s)
end

# config.ru
run lambda { |env|
  raw_body = env['rack.input'].read
  next [401, {}, []] unless genuine?(raw_body, env['HTTP_X_WEBHOOK_SIGNATURE'])

  event = JSON.parse(raw_body)
  puts event['type']
  [200, {}, []]
}
`,
}
