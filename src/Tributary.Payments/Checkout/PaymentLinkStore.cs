using System.Text.Json;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Checkout;

/// <summary>Makes, finds and ends payment links.</summary>
public sealed class PaymentLinkStore(ObjectIds ids, TimeProvider time)
{
    private const string Columns = "SELECT document, is_active FROM payment_links";

    /// <summary>What is wrong with a request; null where nothing is.</summary>
    public static PaymentError? Check(PaymentLinkRequest request)
    {
        if (request.Metadata.Count > 50 || request.Metadata.Any(static pair => pair.Key.Length is 0 or > 40 || pair.Value.Length > 500))
            return PaymentError.Invalid("parameter_invalid", "metadata", "At most 50 keys of 40 characters with values of 500.");
        return CheckoutRules.CheckLines(request.Lines, request.Currency)
            ?? CheckoutRules.CheckUrl(request.SuccessUrl, "after_completion[redirect][url]", request.IsLive);
    }

    public async ValueTask<Result<PaymentLink, PaymentError>> CreateAsync(ISqlTransaction transaction, PaymentLinkRequest request, CancellationToken cancellationToken)
    {
        if (Check(request) is { } error)
            return error;
        var link = new PaymentLink
        {
            Id = ids.Next("plink"),
            StoreId = request.StoreId,
            IsLive = request.IsLive,
            Currency = request.Currency,
            Lines = [.. request.Lines.Select(line => line with { Id = ids.Next("li") })],
            SuccessUrl = request.SuccessUrl,
            Rails = request.Rails,
            Metadata = request.Metadata,
            CreatedAt = time.GetUtcNow(),
        };
        await transaction.ExecuteOneAsync(
            "INSERT INTO payment_links (id, store_id, is_live, is_active, created_us, document) VALUES (@id, @store, @live, 1, @created, @document)",
            new SqlArguments
            {
                { "id", link.Id },
                { "store", link.StoreId },
                { "live", link.IsLive },
                { "created", link.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "document", JsonSerializer.Serialize(new StoredCheckout.Link(StoredCheckout.CurrentFormat, link), CheckoutJson.Default.Link) },
            },
            cancellationToken);
        return link;
    }

    /// <summary>A link by its name; null where there is none.</summary>
    public static ValueTask<PaymentLink?> FindAsync(ISqlTransaction transaction, string linkId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(Columns + " WHERE id = @id", new SqlArguments { { "id", linkId } }, ReadLink, cancellationToken);

    /// <summary>Links of a store, the newest first.</summary>
    public static ValueTask<List<PaymentLink>> ListAsync(
        ISqlTransaction transaction, string storeId, bool isLive, bool? isActive, string? after, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        if (isActive is { } active)
            arguments.Add("active", active);
        if (after is not null)
            arguments.Add("after", after);
        return transaction.QueryAsync(
            $"""
            {Columns} WHERE store_id = @store AND is_live = @live {(isActive is null ? "" : "AND is_active = @active")}
            {(after is null ? "" : "AND (created_us, id) < (SELECT c.created_us, c.id FROM payment_links c WHERE c.id = @after)")}
            ORDER BY created_us DESC, id DESC LIMIT @limit
            """,
            arguments,
            ReadLink,
            cancellationToken);
    }

    /// <summary>Opens or closes a link; false where the store has none of that name.</summary>
    public static async ValueTask<bool> SetActiveAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string linkId, bool isActive, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE payment_links SET is_active = @active WHERE id = @id AND store_id = @store AND is_live = @live",
            new SqlArguments { { "active", isActive }, { "id", linkId }, { "store", storeId }, { "live", isLive } },
            cancellationToken) == 1;

    /// <summary>Writes what a merchant changed of a link.</summary>
    public static async ValueTask UpdateAsync(ISqlTransaction transaction, PaymentLink link, CancellationToken cancellationToken) => await transaction.ExecuteOneAsync(
        "UPDATE payment_links SET is_active = @active, document = @document WHERE id = @id",
        new SqlArguments { { "active", link.IsActive }, { "document", Write(link) }, { "id", link.Id } },
        cancellationToken);

    private static string Write(PaymentLink link) => JsonSerializer.Serialize(new StoredCheckout.Link(StoredCheckout.CurrentFormat, link), CheckoutJson.Default.Link);

    private static PaymentLink ReadLink(SqlRow row)
    {
        var stored = JsonSerializer.Deserialize(row.Text(0), CheckoutJson.Default.Link) ?? throw new InvalidOperationException("An empty document where a payment link belongs.");
        StoredCheckout.Check(stored.Format, "A payment link");
        return stored.Value with { IsActive = row.Flag(1) };
    }
}
