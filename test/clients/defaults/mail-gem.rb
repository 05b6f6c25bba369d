require 'mail'

port, user, secret = ENV.values_at('SMTP_PORT', 'SMTP_USER', 'SMTP_PASS')
sign_in = user.to_s.empty? ? {} : { user_name: user, password: secret }
Mail.defaults { delivery_method :smtp, address: '127.0.0.1', port: port.to_i, **sign_in }
Mail.deliver do
  from 'app@example.com'
  to 'ann@example.com'
  subject ENV['SUBJECT']
  body 'x'
end
