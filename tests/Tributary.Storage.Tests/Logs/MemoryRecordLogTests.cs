using Tributary.Storage.Files;

namespace Tributary.Storage.Tests.Logs;

public sealed class MemoryRecordLogTests : RecordLogTests
{
    protected override IStorageDirectory Directory { get; } = new MemoryDirectory();
}
