using System.Text.Json;
using Tributary.Payments.Errors;
using Tributary.Payments.Money;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Lnurl;

/// <summary>
/// Registers, finds and gives up names. A name belongs to the first store that took it, for good: what is printed on a card must never pay somebody
/// else.
/// </summary>
public sealed class LightningNames(TimeProvider time)
{
    /// <summary>The name of a fresh store.</summary>
    public const string Default = "pay";

    /// <summary>How names of test money begin where a server has live money too; no live name begins so.</summary>
    public const string TestPrefix = "test.";

    /// <summary>The longest name.</summary>
    public const int LengthMax = 64;

    private const int PerStoreMax = 100;
    private const int SuccessMessageMax = 144;
    private const int DescriptionMax = 200;

    /// <summary>Is this a name as LUD-16 allows them?</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LengthMax && text.All(static character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.');

    /// <summary>What is wrong with a name and its terms; null where nothing is.</summary>
    public static PaymentError? Check(LightningName name)
    {
        if (!IsName(name.Name))
            return PaymentError.Invalid("parameter_invalid", "username", $"A name has 1 to {LengthMax} characters of a-z, 0-9, '-', '_' and '.'.");
        if (name.IsLive && name.Name.StartsWith(TestPrefix, StringComparison.Ordinal))
            return PaymentError.Invalid("parameter_invalid", "username", $"Names that begin with '{TestPrefix}' are for test money.");
        var largest = CurrencyAmount.LargestOf(Currency.Bitcoin);
        if (name.MinSatoshis < 1 || name.MinSatoshis > largest)
            return PaymentError.Invalid("parameter_invalid", "min", "The least is at least one satoshi.");
        if (name.MaxSatoshis is { } most && (most < name.MinSatoshis || most > largest))
            return PaymentError.Invalid("parameter_invalid", "max", "The most is not less than the least.");
        if (name.CommentLengthMax is < 0 or > LightningName.CommentLengthLargest)
            return PaymentError.Invalid("parameter_invalid", "comment", $"A comment has at most {LightningName.CommentLengthLargest} characters.");
        if (name.SuccessMessage is { Length: 0 or > SuccessMessageMax })
            return PaymentError.Invalid("parameter_invalid", "successMessage", $"At most {SuccessMessageMax} characters (LUD-09).");
        return name.Description is { Length: 0 or > DescriptionMax } ? PaymentError.Invalid("parameter_invalid", "description", $"At most {DescriptionMax} characters.") : null;
    }

    /// <summary>A name that can be paid; null where there is none.</summary>
    public static async ValueTask<LightningName?> FindAsync(ISqlTransaction transaction, string name, CancellationToken cancellationToken) =>
        await ReadAsync(transaction, name, cancellationToken) is { IsActive: true } found ? found : null;

    /// <summary>Names of a store that can be paid, in alphabetical order.</summary>
    public static ValueTask<List<LightningName>> ListAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT document, is_active FROM lightning_names WHERE store_id = @store AND is_live = @live AND is_active = 1 ORDER BY name LIMIT @limit",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", PerStoreMax } },
            Read,
            cancellationToken);

    /// <summary>Registers a name, or changes the terms of one that the store has. One that another store has, or had, is refused.</summary>
    public async ValueTask<Result<LightningName, PaymentError>> RegisterAsync(ISqlTransaction transaction, LightningName name, CancellationToken cancellationToken)
    {
        if (Check(name) is { } error)
            return error;
        var before = await ReadAsync(transaction, name.Name, cancellationToken);
        if (before is not null && (before.IsLive != name.IsLive || !string.Equals(before.StoreId, name.StoreId, StringComparison.Ordinal)))
            return new PaymentError(PaymentErrorKind.Conflict, "username_taken", "username", "This name is taken: choose another one.");
        if (before is not { IsActive: true } && (await ListAsync(transaction, name.StoreId, name.IsLive, cancellationToken)).Count >= PerStoreMax)
            return PaymentError.Invalid("parameter_invalid", "username", $"A store has at most {PerStoreMax} names.");
        var after = name with { CreatedAt = before?.CreatedAt ?? time.GetUtcNow(), IsActive = true };
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO lightning_names (name, store_id, is_live, is_active, document) VALUES (@name, @store, @live, 1, @document)
            ON CONFLICT (name) DO UPDATE SET is_active = 1, document = @document
            """,
            new SqlArguments
            {
                { "name", after.Name },
                { "store", after.StoreId },
                { "live", after.IsLive },
                { "document", JsonSerializer.Serialize(new StoredName(StoredName.CurrentFormat, after), LnurlJson.Default.StoredName) },
            },
            cancellationToken);
        return after;
    }

    /// <summary>Gives a name up; false where the store has none of that name.</summary>
    public static async ValueTask<bool> RemoveAsync(ISqlTransaction transaction, string storeId, bool isLive, string name, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE lightning_names SET is_active = 0 WHERE name = @name AND store_id = @store AND is_live = @live AND is_active = 1",
            new SqlArguments { { "name", name }, { "store", storeId }, { "live", isLive } },
            cancellationToken) == 1;

    /// <summary>Gives a store that never had one its first name, where that is free.</summary>
    public async ValueTask EnsureDefaultAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken)
    {
        var count = await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM lightning_names WHERE store_id = @store AND is_live = @live",
            new SqlArguments { { "store", storeId }, { "live", isLive } },
            static row => row.Integer(0),
            cancellationToken);
        if (count == 0)
            await RegisterAsync(transaction, new LightningName { Name = Default, StoreId = storeId, IsLive = isLive, CreatedAt = time.GetUtcNow() }, cancellationToken);
    }

    private static ValueTask<LightningName?> ReadAsync(ISqlTransaction transaction, string name, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT document, is_active FROM lightning_names WHERE name = @name", new SqlArguments { { "name", name } }, static LightningName? (row) => Read(row), cancellationToken);

    private static LightningName Read(SqlRow row)
    {
        var stored = JsonSerializer.Deserialize(row.Text(0), LnurlJson.Default.StoredName) ?? throw new InvalidOperationException("An empty document where a name belongs.");
        return stored.Format == StoredName.CurrentFormat
            ? stored.Value with { IsActive = row.Flag(1) }
            : throw new InvalidOperationException($"A name of format {stored.Format}: a newer version of the program wrote it.");
    }
}
