using System.Globalization;
using Tributary.Payments.Ledger;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Balances;

/// <summary>What a store owns, read from the ledger.</summary>
public static class StoreBalances
{
    /// <summary>What the store may spend of an asset: what it was credited with, less the fees that it paid. Below zero after a reorganisation.</summary>
    public static async ValueTask<long> SpendableAsync(ISqlTransaction transaction, string storeId, bool isLive, Asset asset, CancellationToken cancellationToken) =>
        (await ReadAsync(transaction, storeId, isLive, cancellationToken)).Where(line => line.Asset == asset).Sum(static line => line.Available);

    /// <summary>Each asset that the store has had, in the order of their codes.</summary>
    public static async ValueTask<List<StoreBalance>> ReadAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken)
    {
        // Numbers leave PostgreSQL's sum wider than 64 bits; text is what both databases give alike.
        var lines = await transaction.QueryAsync(
            "SELECT account, asset, CAST(SUM(amount) AS TEXT) FROM ledger_sums WHERE store_id = @store AND is_live = @live GROUP BY account, asset",
            new SqlArguments { { "store", storeId }, { "live", isLive } },
            static row => (Account: Enum.Parse<AccountKind>(row.Text(0)), Asset: Asset.Parse(row.Text(1)), Amount: long.Parse(row.Text(2), CultureInfo.InvariantCulture)),
            cancellationToken);
        return
        [
            .. lines.GroupBy(static line => line.Asset).OrderBy(static group => group.Key.Code, StringComparer.Ordinal).Select(static group =>
            {
                var sums = group.ToDictionary(static line => line.Account, static line => line.Amount);
                return new StoreBalance(
                    group.Key,
                    checked(-sums.GetValueOrDefault(AccountKind.MerchantAvailable) - sums.GetValueOrDefault(AccountKind.NetworkFees)),
                    -sums.GetValueOrDefault(AccountKind.MerchantPending),
                    -sums.GetValueOrDefault(AccountKind.RefundsUnderWay),
                    -sums.GetValueOrDefault(AccountKind.PayoutsUnderWay),
                    -sums.GetValueOrDefault(AccountKind.ShopperExcess));
            }),
        ];
    }
}
