using Tributary.Payments.Errors;
using Tributary.Payments.Ledger;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Access;

/// <summary>
/// What a key has sent away on a UTC day. What fails later is not given back to the day: a limit is there for keys in wrong hands, and those
/// could make things fail.
/// </summary>
public sealed class KeySpending(ApiKey key, TimeProvider time) : ISpendingGuard
{
    public async ValueTask<PaymentError?> TakeAsync(ISqlTransaction transaction, Asset asset, long amount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        if (!key.SpendingPerDay.TryGetValue(asset.Code, out var limit))
            return null;
        var day = time.GetUtcNow().ToUnixTimeSeconds() / 86_400;
        var arguments = new SqlArguments { { "key", key.Id }, { "day", day }, { "asset", asset.Code }, { "amount", amount } };
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO api_key_spending (key_id, day, asset, amount) VALUES (@key, @day, @asset, @amount)
            ON CONFLICT (key_id, day, asset) DO UPDATE SET amount = api_key_spending.amount + @amount
            """,
            arguments,
            cancellationToken);
        var spent = await transaction.FirstOrDefaultAsync(
            "SELECT amount FROM api_key_spending WHERE key_id = @key AND day = @day AND asset = @asset",
            new SqlArguments { { "key", key.Id }, { "day", day }, { "asset", asset.Code } },
            static row => row.Integer(0),
            cancellationToken);
        if (spent <= limit)
            return null;

        // The caller refuses, so what was counted goes back with it.
        await transaction.ExecuteOneAsync(
            "UPDATE api_key_spending SET amount = amount - @amount WHERE key_id = @key AND day = @day AND asset = @asset", arguments, cancellationToken);
        return new PaymentError(
            PaymentErrorKind.Forbidden, "spending_limit_exceeded", "amount", $"This key may send {limit} {asset} a day, and {spent - amount} are spent: use another key, or wait for the next day (UTC).");
    }
}
