using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.Invoices;

public sealed class InvoiceServiceOnSqliteTests : InvoiceServiceContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-invoices-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override async Task<IDatabase> OpenAsync() =>
        await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 4, TestContext.Current.CancellationToken);
}
