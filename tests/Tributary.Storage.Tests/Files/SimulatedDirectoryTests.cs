using Tributary.Storage.Files;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Files;

public sealed class SimulatedDirectoryTests : StorageDirectoryContract
{
    protected override IStorageDirectory Directory { get; } = new SimulatedDisk(1).Folder();
}
