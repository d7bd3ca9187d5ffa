using Tributary.Storage.Files;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Logs;

public sealed class SimulatedRecordLogTests : RecordLogTests
{
    private readonly SimulatedDisk _disk = new(1);

    protected override IStorageDirectory Directory => _disk.Folder();
}
