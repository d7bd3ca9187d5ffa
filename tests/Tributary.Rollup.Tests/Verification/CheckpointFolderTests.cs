using Tributary.Rollup.Verification;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Tests.Verification;

public sealed class CheckpointFolderTests
{
    [Fact]
    public void Folder_on_disk_is_opened_again_with_what_its_lock_has_left()
    {
        var path = Directory.CreateTempSubdirectory("tributary-checkpoint-").FullName;
        try
        {
            using (var first = CheckpointFolder.Open(DiskDirectory.Open(path)).Value)
            {
                first.Write([1, 2, 3]);
                Assert.Contains("in use", CheckpointFolder.Open(DiskDirectory.Open(path)).Error.Reason, StringComparison.Ordinal);
            }

            using (var again = CheckpointFolder.Open(DiskDirectory.Open(path)).Value)
                Assert.Equal([1, 2, 3], again.Read());
            File.WriteAllText(Path.Combine(path, "notes.txt"), "");
            Assert.Contains("notes.txt", CheckpointFolder.Open(DiskDirectory.Open(path)).Error.Reason, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
