using System.Net;
using MimeKit;
using Tributary.Primitives.Results;

namespace Tributary.Server.Mail;

/// <summary>By which server mail goes out, and from whom.</summary>
public sealed record SmtpSettings
{
    private const int SubmissionPort = 587;
    private const int TlsPort = 465;

    private SmtpSettings(string host, int port, bool isTls, string? user, string? password, string from)
    {
        Host = host;
        Port = port;
        IsTls = isTls;
        User = user;
        Password = password;
        From = from;
    }

    public string Host { get; }

    public int Port { get; }

    /// <summary>TLS from the first byte; otherwise STARTTLS, which only a server on this machine may lack.</summary>
    public bool IsTls { get; }

    public string? User { get; }

    internal string? Password { get; }

    /// <summary>The sender as mail shows it: "Shop &lt;pay@shop.example&gt;".</summary>
    public string From { get; }

    /// <summary>The server is this machine, so what is said to it passes no wire.</summary>
    public bool IsLoopback => string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>smtp://user@host:587</c> or <c>smtps://user@host:465</c>. Refused, with the option: an address that is none, a user without a password, a password in the address.</summary>
    /// <param name="address">The server's address.</param>
    /// <param name="from">The sender.</param>
    /// <param name="password">The user's password, from the environment.</param>
    public static Result<SmtpSettings, Refusal> Read(string address, string? from, string? password)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("smtp" or "smtps") || uri.Host.Length == 0 || uri.AbsolutePath is not ("" or "/") || uri.Query.Length > 0)
            return new Refusal("--smtp", "is like smtp://user@mail.example:587, or smtps:// for TLS from the first byte");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            return new Refusal("--smtp", "holds a password, which every program on this machine can read there: put it into TRIBUTARY_SMTP_PASSWORD");
        var user = uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(uri.UserInfo);
        if (user is not null && string.IsNullOrEmpty(password))
            return new Refusal("--smtp", "names a user, and TRIBUTARY_SMTP_PASSWORD is not set");
        if (from is null || !MailboxAddress.TryParse(from, out var sender) || !sender.Address.Contains('@', StringComparison.Ordinal))
            return new Refusal("--mail-from", "is the sender of all mail, like \"My shop <pay@shop.example>\"");
        var isTls = uri.Scheme is "smtps";
        return new SmtpSettings(uri.Host, uri.Port > 0 ? uri.Port : isTls ? TlsPort : SubmissionPort, isTls, user, user is null ? null : password, sender.ToString());
    }

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
