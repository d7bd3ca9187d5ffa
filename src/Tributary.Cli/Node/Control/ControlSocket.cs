using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tributary.Cli.Node.Control;

/// <summary>Where a node listens for the commands of its own machine: a Unix domain socket that its owner alone can open.</summary>
internal static class ControlSocket
{
    /// <summary>The address of a socket takes 108 bytes with its end on Linux, 104 elsewhere.</summary>
    private const int PathBytesMax = 100;

    /// <summary>The socket of a data folder: in it, or in the folder for temporary files where its path would be too long for a socket.</summary>
    internal static string PathFor(string dataFolder)
    {
        var folder = Path.GetFullPath(dataFolder);
        var direct = Path.Combine(folder, "node.sock");
        if (Encoding.UTF8.GetByteCount(direct) <= PathBytesMax)
            return direct;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        return Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"tributary-{digest}"), "node.sock");
    }

    /// <summary>Makes a folder that nobody else can look into.</summary>
    internal static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
