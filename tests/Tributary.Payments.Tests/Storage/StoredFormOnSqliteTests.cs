using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.Storage;

public sealed class StoredFormOnSqliteTests : StoredFormContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-stored-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override Task<IDatabase> OpenAsync() => OpenAsync("payments");

    protected override async Task<IDatabase> OpenAsync(string name) =>
        await SqliteDatabase.OpenAsync(Path.Combine(_folder, name + ".db"), 4, TestContext.Current.CancellationToken);
}
