using System.Security.Cryptography;
using Tributary.Payments;
using Tributary.Payments.Access;
using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Server.Mail;

/// <summary>
/// Mail that waits for its server, written in the transaction of its cause: a restart forgets none, and of one cause there is one mail. Bodies are
/// sealed, since they carry links that let in.
/// </summary>
internal sealed class MailQueue(ServerOptions options, SecretBox box, ObjectIds ids, WorkSignal signal, TimeProvider clock)
{
    private const int SubjectMax = 200;
    private const int OutcomeMax = 300;
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_giveUpAfter = TimeSpan.FromDays(3);

    /// <summary>The operator has named a mail server; without one nothing is written here.</summary>
    public bool IsOn => options.Smtp is not null;

    /// <summary>Writes a mail; nothing where there is no mail server, or it was written before.</summary>
    public async ValueTask AddAsync(ISqlTransaction transaction, MailDraft draft, CancellationToken cancellationToken)
    {
        if (!IsOn)
            return;
        var id = ids.Next("mail");
        var now = clock.GetUtcNow();
        var subject = new string([.. draft.Subject.Select(static c => char.IsControl(c) ? ' ' : c)]);
        await transaction.ExecuteAsync(
            """
            INSERT INTO mails (id, subject_key, store_id, recipient, subject, body, created_at, tries, due_at)
            VALUES (@id, @key, @store, @to, @subject, @body, @now, 0, @now) ON CONFLICT (subject_key) DO NOTHING
            """,
            new SqlArguments
            {
                { "id", id },
                { "key", draft.Key },
                { "store", draft.StoreId },
                { "to", draft.To },
                { "subject", subject.Length <= SubjectMax ? subject : subject[..SubjectMax] },
                { "body", box.Seal(draft.Text, id) },
                { "now", now },
            },
            cancellationToken);
        signal.Pulse();
    }

    /// <summary>Mail whose time has come.</summary>
    public ValueTask<List<QueuedMail>> FindDueAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT id, recipient, subject, body, created_at, tries FROM mails WHERE due_at <= @now ORDER BY due_at LIMIT @limit",
        new SqlArguments { { "now", clock.GetUtcNow() }, { "limit", limit } },
        row => new QueuedMail(row.Text(0), row.Text(1), row.Text(2), Open(row.Bytes(3), row.Text(0)), row.Time(4), row.Integer(5)),
        cancellationToken);

    /// <summary>Notes how a try went. What cannot be sent is tried again for three days, unless the server said that it never will be.</summary>
    public async ValueTask<bool> NoteAsync(ISqlTransaction transaction, QueuedMail mail, MailOutcome outcome, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? due = outcome.Kind == MailOutcomeKind.Later && now - mail.CreatedAt < s_giveUpAfter ? now + Pause(mail.Tries) : null;
        return await transaction.ExecuteAsync(
            "UPDATE mails SET tries = tries + 1, due_at = @due, done_at = @done, outcome = @outcome WHERE id = @id",
            new SqlArguments
            {
                { "due", due },
                { "done", outcome.Kind == MailOutcomeKind.Sent ? now : (DateTimeOffset?)null },
                { "outcome", outcome.Words.Length <= OutcomeMax ? outcome.Words : outcome.Words[..OutcomeMax] },
                { "id", mail.Id },
            },
            cancellationToken) == 1;
    }

    /// <summary>The last mails of a store, the newest first.</summary>
    public static ValueTask<List<MailLine>> ListAsync(ISqlTransaction transaction, string storeId, int limit, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT recipient, subject, created_at, due_at, done_at, outcome FROM mails WHERE store_id = @store ORDER BY created_at DESC, id DESC LIMIT @limit",
        new SqlArguments { { "store", storeId }, { "limit", limit } },
        static row => new MailLine(row.Text(0), row.Text(1), row.Time(2), row.TimeOrNull(3), row.TimeOrNull(4), row.TextOrNull(5)),
        cancellationToken);

    private static TimeSpan Pause(long tries)
    {
        var pause = TimeSpan.FromTicks(s_first.Ticks << (int)Math.Min(tries, 20));
        return pause < s_longest ? pause : s_longest;
    }

    // A body that cannot be opened is worth no mail, and its place in the log says why.
    private string Open(byte[] body, string id)
    {
        try
        {
            return box.Open(body, id);
        }
        catch (CryptographicException)
        {
            return "";
        }
    }
}
