using Tributary.Storage.Relational;

namespace Tributary.Payments.Access;

/// <summary>What stores are called.</summary>
public static class StoreNames
{
    /// <summary>A store's name; null where there is no such store.</summary>
    public static ValueTask<string?> FindAsync(ISqlTransaction transaction, string storeId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync("SELECT name FROM stores WHERE id = @id", new SqlArguments { { "id", storeId } }, static row => row.Text(0), cancellationToken);
}
