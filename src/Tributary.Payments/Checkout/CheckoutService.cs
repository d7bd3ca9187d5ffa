using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Checkout;

/// <summary>
/// Makes checkout sessions, each with the intent that it is for, in one transaction. A session's state is its intent's; expiring one cancels the
/// other.
/// </summary>
public sealed class CheckoutService(IDatabase database, PaymentService payments, PaymentStore store, ObjectIds ids)
{
    private const int SecretLength = 24;
    private const string Columns = "SELECT s.document FROM checkout_sessions s";

    /// <summary>Creates a session and its intent.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="with">What else belongs into the transaction: the answer of an idempotent request.</param>
    /// <param name="cancellationToken">Ends the wait; once the transaction runs it is carried through.</param>
    public async Task<Result<CheckoutFile, PaymentError>> CreateAsync(
        CheckoutRequest request, Func<ISqlTransaction, CheckoutFile, CancellationToken, ValueTask>? with, CancellationToken cancellationToken)
    {
        if (Check(request) is { } error)
            return error;
        var lifetime = request.Lifetime ?? CheckoutRules.LifetimeMax;
        var drafted = payments.Draft(new PaymentRequest
        {
            StoreId = request.StoreId,
            IsLive = request.IsLive,
            Amount = new CurrencyAmount(request.Lines.Sum(static line => line.Amount), request.Currency),
            CaptureMethod = request.CaptureMethod,
            Rails = request.Rails,
            CustomerId = request.CustomerId,
            Description = request.IntentDescription ?? Describe(request.Lines),
            Metadata = request.IntentMetadata,
            ReceiptEmail = request.ReceiptEmail,
            Shipping = request.IntentShipping,
            StatementDescriptor = request.StatementDescriptor,
            Lifetime = lifetime,
        });
        if (!drafted.TryGet(out var payment, out var refused))
            return refused;
        var file = new CheckoutFile(
            new CheckoutSession
            {
                Id = ids.Next(request.IsLive ? "cs_live" : "cs_test"),
                StoreId = request.StoreId,
                IsLive = request.IsLive,
                IntentId = payment.Intent.Id,
                Secret = ids.Random(SecretLength),
                Currency = request.Currency,
                Lines = [.. request.Lines.Select(line => line with { Id = ids.Next("li") })],
                SuccessUrl = request.SuccessUrl,
                CancelUrl = request.CancelUrl,
                CustomerEmail = request.CustomerEmail,
                ClientReferenceId = request.ClientReferenceId,
                Metadata = request.Metadata,
                PaymentLinkId = request.PaymentLinkId,
                CreatedAt = payment.Intent.CreatedAt,
                ExpiresAt = payment.Intent.ExpiresAt,
            },
            payment);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await store.InsertAsync(transaction, payment, token);
                await InsertAsync(transaction, file.Session, token);
                if (with is not null)
                    await with(transaction, file, token);
                return true;
            },
            cancellationToken);
        return file;
    }

    /// <summary>A session by its name; null where there is none.</summary>
    public async Task<CheckoutFile?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            (transaction, token) => FindAsync(transaction, "s.id = @key", sessionId, token), cancellationToken);

    /// <summary>A session by the address of its page; null where name and secret do not belong together.</summary>
    public async Task<CheckoutFile?> OpenAsync(string sessionId, string secret, CancellationToken cancellationToken) =>
        await FindAsync(sessionId, cancellationToken) is { } file
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(file.Session.Secret), Encoding.UTF8.GetBytes(secret))
            ? file
            : null;

    /// <summary>The session of an intent; null for an intent that was made without.</summary>
    public async Task<CheckoutFile?> FindByIntentAsync(string intentId, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            (transaction, token) => FindAsync(transaction, "s.intent_id = @key", intentId, token), cancellationToken);

    /// <summary>Sessions of a store, the newest first.</summary>
    public async Task<List<CheckoutFile>> ListAsync(CheckoutQuery query, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) =>
        {
            var isBackwards = query.Before is not null;
            var cursor = query.After ?? query.Before;
            var sessions = await transaction.QueryAsync(
                $"""
                {Columns} WHERE s.store_id = @store AND s.is_live = @live
                {query.Created.Condition("s.created_us")}
                {(query.IntentId is null ? "" : "AND s.intent_id = @intent")} {(query.PaymentLinkId is null ? "" : "AND s.link_id = @link")}
                {(cursor is null ? "" : $"AND (s.created_us, s.id) {(isBackwards ? ">" : "<")} (SELECT c.created_us, c.id FROM checkout_sessions c WHERE c.id = @cursor AND c.store_id = @store AND c.is_live = @live)")}
                ORDER BY s.created_us {(isBackwards ? "ASC" : "DESC")}, s.id {(isBackwards ? "ASC" : "DESC")} LIMIT @limit
                """,
                Arguments(query, cursor),
                ReadSession,
                token);
            if (isBackwards)
                sessions.Reverse();
            var files = new List<CheckoutFile>(sessions.Count);
            foreach (var session in sessions)
                files.Add(await WithPaymentAsync(transaction, session, token));
            return files;
        },
        cancellationToken);

    /// <summary>Ends a session that is open.</summary>
    public async Task<Result<CheckoutFile, PaymentError>> ExpireAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (await FindAsync(sessionId, cancellationToken) is not { } file)
            return PaymentError.Missing("checkout.session", sessionId);
        if (file.Status != CheckoutStatus.Open)
            return PaymentError.UnexpectedState("resource_invalid_state", "Only a checkout session that is open can be expired.");
        var cancelled = await payments.CancelAsync(file.Session.IntentId, CancellationReason.Abandoned, null, cancellationToken);
        return cancelled.TryGet(out var payment, out var error) ? file with { Payment = payment } : error;
    }

    /// <summary>Changes what a merchant notes about a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="merge">The metadata after the change.</param>
    /// <param name="with">What else belongs into the transaction.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<CheckoutFile, PaymentError>> UpdateAsync(
        string sessionId,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> merge,
        Func<ISqlTransaction, CheckoutFile, CancellationToken, ValueTask>? with,
        CancellationToken cancellationToken) => await database.WriteAsync<Result<CheckoutFile, PaymentError>>(
        async (transaction, token) =>
        {
            if (await FindAsync(transaction, "s.id = @key", sessionId, token) is not { } before)
                return PaymentError.Missing("checkout.session", sessionId);
            var file = before with { Session = before.Session with { Metadata = merge(before.Session.Metadata) } };
            if (PaymentChecks.Metadata(file.Session.Metadata) is { } wrong)
                return wrong;
            await transaction.ExecuteOneAsync(
                "UPDATE checkout_sessions SET document = @document, version = version + 1 WHERE id = @id",
                new SqlArguments { { "document", Write(file.Session) }, { "id", sessionId } },
                token);
            if (with is not null)
                await with(transaction, file, token);
            return file;
        },
        cancellationToken);

    private static PaymentError? Check(CheckoutRequest request)
    {
        if (request.Lifetime is { } lifetime && (lifetime < CheckoutRules.LifetimeMin || lifetime > CheckoutRules.LifetimeMax))
            return PaymentError.Invalid("parameter_invalid_integer", "expires_at", "A session lives between 30 minutes and 24 hours.");
        if (request.ClientReferenceId is { Length: > 200 })
            return PaymentError.Invalid("parameter_invalid_string_too_long", "client_reference_id", "At most 200 characters.");
        if (PaymentChecks.Metadata(request.Metadata) is { } metadata)
            return metadata;
        return CheckoutRules.CheckLines(request.Lines, request.Currency)
            ?? CheckoutRules.CheckUrl(request.SuccessUrl, "success_url", request.IsLive)
            ?? CheckoutRules.CheckUrl(request.CancelUrl, "cancel_url", request.IsLive)
            ?? CheckoutRules.CheckEmail(request.CustomerEmail);
    }

    private static string Describe(ImmutableArray<CheckoutLine> lines)
    {
        var text = string.Join(", ", lines.Select(static line => line.Quantity == 1 ? line.Name : $"{line.Quantity} × {line.Name}"));
        return text.Length <= 500 ? text : text[..499] + "…";
    }

    private static SqlArguments Arguments(CheckoutQuery query, string? cursor)
    {
        var arguments = new SqlArguments { { "store", query.StoreId }, { "live", query.IsLive }, { "limit", query.Limit } };
        query.Created.AddTo(arguments);
        if (query.IntentId is not null)
            arguments.Add("intent", query.IntentId);
        if (query.PaymentLinkId is not null)
            arguments.Add("link", query.PaymentLinkId);
        if (cursor is not null)
            arguments.Add("cursor", cursor);
        return arguments;
    }

    internal static async ValueTask InsertAsync(ISqlTransaction transaction, CheckoutSession session, CancellationToken cancellationToken) =>
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO checkout_sessions (id, store_id, is_live, intent_id, link_id, created_us, version, document)
            VALUES (@id, @store, @live, @intent, @link, @created, 1, @document)
            """,
            new SqlArguments
            {
                { "id", session.Id },
                { "store", session.StoreId },
                { "live", session.IsLive },
                { "intent", session.IntentId },
                { "link", session.PaymentLinkId },
                { "created", session.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "document", Write(session) },
            },
            cancellationToken);

    private static string Write(CheckoutSession session) =>
        JsonSerializer.Serialize(new StoredCheckout.Session(StoredCheckout.CurrentFormat, session), CheckoutJson.Default.Session);

    private static async ValueTask<CheckoutFile?> FindAsync(ISqlTransaction transaction, string where, string key, CancellationToken cancellationToken)
    {
        var session = await transaction.FirstOrDefaultAsync($"{Columns} WHERE {where}", new SqlArguments { { "key", key } }, ReadSession, cancellationToken);
        return session is null ? null : await WithPaymentAsync(transaction, session, cancellationToken);
    }

    internal static async ValueTask<CheckoutFile> WithPaymentAsync(ISqlTransaction transaction, CheckoutSession session, CancellationToken cancellationToken) =>
        new(session, await PaymentStore.FindAsync(transaction, session.IntentId, cancellationToken) ?? throw new InvalidOperationException($"{session.IntentId} is gone."));

    internal static CheckoutSession ReadSession(SqlRow row)
    {
        var stored = JsonSerializer.Deserialize(row.Text(0), CheckoutJson.Default.Session)
            ?? throw new InvalidOperationException("An empty document where a checkout session belongs.");
        StoredCheckout.Check(stored.Format, "A checkout session");
        return stored.Value;
    }
}
