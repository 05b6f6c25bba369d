<?php
use PHPMailer\PHPMailer\PHPMailer;

require '/usr/share/php/libphp-phpmailer/autoload.php';

$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = '127.0.0.1';
$mail->Port = (int) getenv('SMTP_PORT');
if (getenv('SMTP_USER')) {
    $mail->SMTPAuth = true;
    $mail->Username = getenv('SMTP_USER');
    $mail->Password = getenv('SMTP_PASS');
}
$mail->setFrom('app@example.com');
$mail->addAddress('ann@example.com');
$mail->Subject = getenv('SUBJECT');
$mail->Body = 'x';
$mail->send();
