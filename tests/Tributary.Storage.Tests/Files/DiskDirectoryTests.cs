using Tributary.Storage.Files;

namespace Tributary.Storage.Tests.Files;

public sealed class DiskDirectoryTests : StorageDirectoryContract
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("tributary-files-").FullName;

    public DiskDirectoryTests() => Directory = DiskDirectory.Open(Path.Combine(_folder, "new", "folder"));

    protected override IStorageDirectory Directory { get; }

    public override void Dispose()
    {
        System.IO.Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    [Fact]
    public void A_name_does_not_lead_out_of_the_folder() => Assert.Throws<ArgumentException>(() => Directory.Create("../a"));
}
