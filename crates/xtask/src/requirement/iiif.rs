//! iiif-validator from PyPI, an independent validator of IIIF image services.

use std::process::Command;

use super::Requirement;
use super::python_package::PythonPackage;
use crate::project::Project;

const PACKAGE: PythonPackage = PythonPackage {
    name: "iiif-validator",
    version: "1.0.5",
    file: "bin/iiif-validate.py",
    with_dependencies: true,
};

/// iiif-validator, which validates image services.
pub const IIIF: Requirement = Requirement {
    name: "iiif-validator",
    purpose: "validate the image services of a site",
    find: |project| PACKAGE.find(project),
    how: "python3 -m pip install iiif-validator, into the cache folder",
    install: |project| PACKAGE.install(project),
};

/// Returns a command that runs the validator. The caller appends the options.
///
/// The validator imports `magic`, which requires a system library, for the tests of higher
/// compliance levels. Level 0 does not use it, so it is replaced by an empty module.
pub fn validator_command(project: &Project) -> Command {
    let mut command = PACKAGE.python(project);
    command.args([
        "-c",
        "import runpy, sys, types\n\
         sys.modules['magic'] = types.ModuleType('magic')\n\
         sys.argv = sys.argv[1:]\n\
         runpy.run_path(sys.argv[0], run_name='__main__')",
    ]);
    command.arg(PACKAGE.dir(project).join(PACKAGE.file));
    command
}

/// Returns a command that draws the test image of the validator, which consists of a hundred
/// squares of known colours. The caller appends a path and the side of a square in pixels.
pub fn test_image_command(project: &Project) -> Command {
    let mut command = PACKAGE.python(project);
    command.args([
        "-c",
        "import sys, types\n\
         sys.modules['magic'] = types.ModuleType('magic')\n\
         from iiif_validator.validator import ValidationInfo\n\
         from PIL import Image, ImageDraw\n\
         path, side = sys.argv[1], int(sys.argv[2])\n\
         image = Image.new('RGB', (10 * side, 10 * side))\n\
         draw = ImageDraw.Draw(image)\n\
         for x, column in enumerate(ValidationInfo().colorInfo):\n\
         \x20   for y, colour in enumerate(column):\n\
         \x20       draw.rectangle((x * side, y * side, (x + 1) * side, (y + 1) * side), colour)\n\
         image.save(path)",
    ]);
    command
}
