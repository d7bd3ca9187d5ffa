using Tributary.Storage.Files;

namespace Tributary.Storage.Tests.Files;

public sealed class MemoryDirectoryTests : StorageDirectoryContract
{
    protected override IStorageDirectory Directory { get; } = new MemoryDirectory();
}
