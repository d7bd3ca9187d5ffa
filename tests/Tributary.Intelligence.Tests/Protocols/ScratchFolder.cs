using System.IO.Compression;
using System.Text;

namespace Tributary.Intelligence.Tests.Protocols;

/// <summary>A folder for files of a test, gone after it.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("tributary-protocols-").FullName;

    public string Write(string text, string name = "payments.csv", bool compress = false)
    {
        var path = Path.Combine(_path, name);
        using var file = File.Create(path);
        using Stream stream = compress ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
