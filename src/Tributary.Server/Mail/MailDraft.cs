namespace Tributary.Server.Mail;

/// <summary>A mail to be written.</summary>
/// <param name="Key">What it is for ("receipt:pi_…"): of one key there is one mail, however often it is asked for.</param>
/// <param name="StoreId">Whose it is.</param>
/// <param name="To">The address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text, which every program reads and no one is tracked by.</param>
internal sealed record MailDraft(string Key, string StoreId, string To, string Subject, string Text)
{
    /// <summary>Never what it says.</summary>
    public override string ToString() => Key;
}
