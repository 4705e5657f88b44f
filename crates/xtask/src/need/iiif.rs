//! iiif-validator, from PyPI, which asks an image service for images.

use std::process::Command;

use super::Need;
use super::pip::Package;
use crate::project::Project;

const PACKAGE: Package = Package {
    name: "iiif-validator",
    version: "1.0.5",
    file: "bin/iiif-validate.py",
};

pub const IIIF: Need = Need {
    name: "iiif-validator",
    why: "have another program ask for the images of a site",
    find: |project| PACKAGE.find(project),
    how: "python3 -m pip install iiif-validator, into a folder of its own",
    install: |project| PACKAGE.install(project),
};

/// The validator; wants its own options. Tests of higher levels than ours load `magic`, and that a
/// library of the system, which need not be there.
pub fn command(project: &Project) -> Command {
    let mut command = PACKAGE.python(project);
    command.args([
        "-c",
        "import runpy, sys, types\n\
         sys.modules['magic'] = types.ModuleType('magic')\n\
         sys.argv = sys.argv[1:]\n\
         runpy.run_path(sys.argv[0], run_name='__main__')",
    ]);
    command.arg(PACKAGE.folder(project).join(PACKAGE.file));
    command
}

/// Python that draws the validator's own test image: a hundred squares whose colours it knows. Wants a
/// path, and the side of a square in pixels.
pub fn picture(project: &Project) -> Command {
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
