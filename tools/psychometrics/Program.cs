using System.Globalization;
using Diagnostics.PsychometricStudies;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    // dotnet run -c Release --project tools/psychometrics -- edges 100000
    case ["edges", .. var rest]:
        return EdgeStudy.Run(Number(rest, 100_000));
    // dotnet run -c Release --project tools/psychometrics -- subscores 20
    case ["subscores", .. var rest]:
        SubscoreStudy.Run(Number(rest, 20));
        return 0;
    // dotnet run -c Release --project tools/psychometrics -- quality 20
    case ["quality", .. var rest]:
        QualityStudy.Run(Number(rest, 20));
        return 0;
    // dotnet run -c Release --project tools/psychometrics -- memory 20000
    case ["memory", .. var rest]:
        SpeedStudy.Memory(Number(rest, 10_000));
        return 0;
    // dotnet run -c Release --project tools/psychometrics -- speed
    case ["speed"]:
        SpeedStudy.Run();
        return 0;
    default:
        Console.WriteLine("edges [calls] | subscores [replications] | quality [replications] | speed | memory [persons]");
        return 1;
}

static int Number(string[] arguments, int otherwise) => arguments is [var one] ? int.Parse(one, CultureInfo.InvariantCulture) : otherwise;
