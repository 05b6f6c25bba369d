require 'net/smtp'

port, user, secret = ENV.values_at('SMTP_PORT', 'SMTP_USER', 'SMTP_PASS')
sign_in = user.to_s.empty? ? {} : { user: user, secret: secret }
Net::SMTP.start('127.0.0.1', port.to_i, **sign_in) do |smtp|
  smtp.send_message("Subject: #{ENV['SUBJECT']}\r\n\r\nx\r\n", 'app@example.com', 'ann@example.com')
end
