namespace Tributary.Server.Mail;

/// <summary>A mail whose time to be sent has come.</summary>
internal sealed record QueuedMail(string Id, string To, string Subject, string Text, DateTimeOffset CreatedAt, long Tries)
{
    /// <summary>Never what it says.</summary>
    public override string ToString() => Id;
}
