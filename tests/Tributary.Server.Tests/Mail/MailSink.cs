using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tributary.Server.Mail;

namespace Tributary.Server.Tests.Mail;

/// <summary>A mail server on a loopback port that takes everything (RFC 5321, the commands that a client needs), or answers as it is told.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;

    public MailSink()
    {
        _listener.Start();
        _running = AcceptAsync();
    }

    /// <summary>Mails as they came: headers, an empty line, the text.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    /// <summary>The user and the password of each sign-in, as "user:password".</summary>
    public ConcurrentQueue<string> SignIns { get; } = new();

    /// <summary>What recipients are answered with; null for "250 fine".</summary>
    public string? RecipientAnswer { get; set; }

    public SmtpSettings Settings => SmtpSettings.Read($"smtp://mailer@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", "My store <pay@shop.example>", "the password").Value;

    /// <summary>Waits for a mail.</summary>
    public async Task<string> WaitAsync(Func<string, bool> wanted)
    {
        for (var tries = 0; ; tries++)
        {
            Assert.True(tries < 3000, $"The mail does not come; {Taken.Count} others did.");
            if (Taken.FirstOrDefault(wanted) is { } mail)
                return mail;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_ended.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 sink");
            while (await reader.ReadLineAsync(_ended.Token) is { } line)
            {
                if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
                    return;
                await AnswerAsync(line, reader, writer);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client, or the test, is gone.
        }
    }

    private async Task AnswerAsync(string line, StreamReader reader, StreamWriter writer)
    {
        switch (line.Split(' ')[0].ToUpperInvariant())
        {
            case "EHLO":
                await writer.WriteLineAsync("250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME");
                break;
            case "AUTH":
                SignIns.Enqueue(Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).TrimStart('\0').Replace('\0', ':'));
                await writer.WriteLineAsync("235 welcome");
                break;
            case "RCPT":
                await writer.WriteLineAsync(RecipientAnswer ?? "250 fine");
                break;
            case "DATA":
                await writer.WriteLineAsync("354 go on");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync(_ended.Token) is { } text && text is not ".")
                    mail.Append(text.StartsWith("..", StringComparison.Ordinal) ? text[1..] : text).Append('\n');
                Taken.Enqueue(mail.ToString());
                await writer.WriteLineAsync("250 taken as number 17");
                break;
            default:
                await writer.WriteLineAsync("250 fine");
                break;
        }
    }
}
