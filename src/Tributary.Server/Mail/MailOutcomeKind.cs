namespace Tributary.Server.Mail;

/// <summary>What became of a try to send a mail.</summary>
internal enum MailOutcomeKind
{
    /// <summary>The mail server took it.</summary>
    Sent,

    /// <summary>It may work later.</summary>
    Later,

    /// <summary>The mail server will never take it.</summary>
    Never,
}
