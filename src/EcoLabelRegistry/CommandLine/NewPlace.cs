using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Where a new file or folder will be: it is written beside its place under another name, and gets its own when it is whole.</summary>
/// <param name="Path">The place; nothing is there.</param>
/// <param name="Unfinished">Where it is written.</param>
internal sealed record NewPlace(string Path, string Unfinished)
{
    /// <summary>A new file that only its owner may read.</summary>
    public static readonly FileStreamOptions PrivateFile = Private();

    /// <summary>Chooses where to write.</summary>
    /// <exception cref="StartupException">Something is there already, or there is no folder for it.</exception>
    /// <param name="named">The place, as it was typed.</param>
    /// <param name="orEmptyFolder">Whether an empty folder may be there already.</param>
    public static NewPlace For(string named, bool orEmptyFolder = false)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(named));
        if (System.IO.Path.Exists(path) && !(orEmptyFolder && IsEmptyFolder(path)))
        {
            throw Taken(path);
        }

        if (System.IO.Path.GetDirectoryName(path) is not { } folder || !Directory.Exists(folder))
        {
            throw new StartupException(new Message("command.no-folder", System.IO.Path.GetDirectoryName(path) ?? path));
        }

        return new NewPlace(path, $"{path}.unfinished-{Guid.NewGuid():n}");
    }

    /// <summary>Gives it its name.</summary>
    /// <exception cref="StartupException">Somebody else took the place meanwhile.</exception>
    public void Finish()
    {
        try
        {
            if (Directory.Exists(Unfinished))
            {
                if (Directory.Exists(Path))
                {
                    Directory.Delete(Path); // refuses a folder that is no longer empty
                }

                Directory.Move(Unfinished, Path);
            }
            else
            {
                File.Move(Unfinished, Path);
            }
        }
        catch (IOException) when (System.IO.Path.Exists(Path))
        {
            throw Taken(Path);
        }
    }

    /// <summary>Makes a folder that only its owner may look into.</summary>
    public static void MakePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static bool IsEmptyFolder(string path) => Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any();

    private static StartupException Taken(string path) => new(new Message("command.taken", path));

    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
