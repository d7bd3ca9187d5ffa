using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Tributary.Server.Mail;

/// <summary>Hands mails to the operator's mail server, several over one connection.</summary>
internal sealed class SmtpSender(SmtpSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    /// <summary>Tries each mail once; tells of each as soon as it is known.</summary>
    public async Task SendAsync(IReadOnlyList<QueuedMail> mails, Func<QueuedMail, MailOutcome, Task> told, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient { Timeout = (int)s_timeout.TotalMilliseconds };
        var problem = await ConnectAsync(client, cancellationToken);
        foreach (var mail in mails)
            await told(mail, problem ?? await SendAsync(client, mail, cancellationToken));
        if (client.IsConnected)
            await QuitAsync(client, cancellationToken);
    }

    private async Task<MailOutcome?> ConnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            // A password or a link in clear would be anybody's on the way; to this machine itself there is no way.
            var security = settings.IsTls ? SecureSocketOptions.SslOnConnect : settings.IsLoopback ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls;
            await client.ConnectAsync(settings.Host, settings.Port, security, cancellationToken);
            if (settings is { User: { } user, Password: { } password })
                await client.AuthenticateAsync(user, password, cancellationToken);
            return null;
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            return new MailOutcome(MailOutcomeKind.Later, "The mail server cannot be used: " + exception.Message);
        }
    }

    private async Task<MailOutcome> SendAsync(SmtpClient client, QueuedMail mail, CancellationToken cancellationToken)
    {
        if (mail.Text.Length == 0)
            return new MailOutcome(MailOutcomeKind.Never, "What it says cannot be read: the seal's key is another.");
        if (!MailboxAddress.TryParse(mail.To, out var to))
            return new MailOutcome(MailOutcomeKind.Never, "This is no address.");
        try
        {
            if (!client.IsConnected)
                return new MailOutcome(MailOutcomeKind.Later, "The mail server hung up.");
            using var message = Compose(mail, to);
            return new MailOutcome(MailOutcomeKind.Sent, await client.SendAsync(message, cancellationToken));
        }
        catch (SmtpCommandException exception)
        {
            // RFC 5321 4.2.1: codes from 500 on are final.
            return new MailOutcome((int)exception.StatusCode >= 500 ? MailOutcomeKind.Never : MailOutcomeKind.Later, $"{(int)exception.StatusCode} {exception.Message}");
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            return new MailOutcome(MailOutcomeKind.Later, exception.Message);
        }
    }

    private MimeMessage Compose(QueuedMail mail, MailboxAddress to)
    {
        var from = MailboxAddress.Parse(settings.From);
        var message = new MimeMessage { Subject = mail.Subject, Body = new TextPart("plain") { Text = mail.Text }, Date = clock.GetUtcNow() };
        message.From.Add(from);
        message.To.Add(to);

        // One name for one mail: a copy, sent because the process died before it noted the first, is recognised as one.
        message.MessageId = $"{mail.Id}@{from.Domain}";
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private static async Task QuitAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            // What was sent was taken before.
        }
    }

    private static bool IsTrouble(Exception exception, CancellationToken cancellationToken) =>
        exception is SocketException or IOException or ProtocolException or CommandException or System.Security.Authentication.AuthenticationException or MailKit.Security.AuthenticationException
            or SslHandshakeException or NotSupportedException or TimeoutException or ServiceNotConnectedException or ServiceNotAuthenticatedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
