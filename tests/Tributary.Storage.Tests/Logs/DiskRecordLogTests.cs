using Tributary.Storage.Files;

namespace Tributary.Storage.Tests.Logs;

public sealed class DiskRecordLogTests : RecordLogTests
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("tributary-log-").FullName;

    public DiskRecordLogTests() => Directory = DiskDirectory.Open(_folder);

    protected override IStorageDirectory Directory { get; }

    public override void Dispose()
    {
        System.IO.Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }
}
